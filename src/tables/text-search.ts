import { type StringVector, stringAt, stringCount } from '@patron/sdk';

const encoder = new TextEncoder();

/** Whether a text stands in entry `entry` of a vector: somewhere in it, at its start, or as all of it. */
export type TextTest = (entry: number) => boolean;

export type TextPlace = 'anywhere' | 'start' | 'whole';

/**
 * Looks for `text` without regard to case. Texts are compared as bytes, ASCII letters alike in both cases; only where the
 * text sought has other letters with cases are entries decoded, and of these only such as are not plain ASCII.
 */
export function textTest(vector: StringVector, text: string, place: TextPlace): TextTest {
  const folded = text.toLowerCase();
  const letters = folded.replace(/[\0-\x7f]/g, '');
  return letters === letters.toUpperCase()
    ? bytesTest(vector, encoder.encode(folded), place)
    : decodedTest(vector, folded, place);
}

/** For each entry of `vector` whether it passes, 1 or 0. */
export function passing(vector: StringVector, test: TextTest): Uint8Array {
  const accepted = new Uint8Array(stringCount(vector));
  for (let entry = 0; entry < accepted.length; entry++) if (test(entry)) accepted[entry] = 1;
  return accepted;
}

function bytesTest({ offsets, bytes }: StringVector, text: Uint8Array, place: TextPlace): TextTest {
  const { length } = text;
  const standsAt = (at: number): boolean => {
    for (let i = 0; i < length; i++) {
      const byte = bytes[at + i];
      if (byte !== text[i] && (byte < 65 || byte > 90 || byte + 32 !== text[i])) return false;
    }
    return true;
  };
  if (place === 'whole') return (entry) => offsets[entry + 1] - offsets[entry] === length && standsAt(offsets[entry]);
  if (place === 'start') return (entry) => offsets[entry + 1] - offsets[entry] >= length && standsAt(offsets[entry]);
  if (length === 0) return () => true;
  const first = text[0];
  const capital = first >= 97 && first <= 122 ? first - 32 : first;
  return (entry) => {
    const last = offsets[entry + 1] - length;
    for (let at = offsets[entry]; at <= last; at++) {
      if ((bytes[at] === first || bytes[at] === capital) && standsAt(at)) return true;
    }
    return false;
  };
}

function decodedTest(vector: StringVector, folded: string, place: TextPlace): TextTest {
  const { offsets, bytes } = vector;
  return (entry) => {
    let plain = true;
    for (let at = offsets[entry]; plain && at < offsets[entry + 1]; at++) plain = bytes[at] < 128;
    if (plain) return false;
    const found = stringAt(vector, entry).toLowerCase();
    if (place === 'whole') return found === folded;
    return place === 'start' ? found.startsWith(folded) : found.includes(folded);
  };
}
