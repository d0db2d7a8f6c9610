/** Hears how far a piece of work is, from 0 to 1. */
export type OnShare = (share: number) => void;

/** Milliseconds between two words about how far a piece of work is. */
const PAUSE = 100;

/** The same, told only now and then: each word crosses threads. */
export function seldom(onShare: OnShare): OnShare {
  let last = performance.now();
  return (share) => {
    if (performance.now() - last < PAUSE) return;
    last = performance.now();
    onShare(share);
  };
}
