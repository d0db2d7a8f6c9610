import { PayloadError, type PayloadLimits, weighPayload } from '../payload.ts';
import { readFromPlugin } from '../read-message.ts';
import { PartCollector, postInParts } from './parted-port.ts';

/** What one message of a stranger may hold, so that the page can take it in at a glance. Columns are bytes. */
export const strangersLimits: PayloadLimits = {
  values: 300_000,
  characters: 4_000_000,
  bytes: 4 * 2 ** 30,
  depth: 64,
};

/** What all messages of a stranger within a second may hold. */
const perSecond = { messages: 2000, values: 600_000, characters: 8_000_000 };

/** The page's side: the scope of the worker that the guard runs in. */
export interface HostSide {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/**
 * Passes messages between the page and a sandboxed plugin, in a thread of its own: what the plugin sends is read, checked
 * and counted here, so that nothing it sends can keep the page busy. With the first message that may not pass, it tells
 * why, and nothing passes any more.
 */
export function guardPlugin(host: HostSide, plugin: MessagePort, refuse: (why: string) => void): void {
  let second = Number.NEGATIVE_INFINITY;
  let spent = { messages: 0, values: 0, characters: 0 };
  const end = (why: string): void => {
    plugin.close();
    refuse(why);
  };
  const spend = (values: number, characters: number): boolean => {
    const now = performance.now();
    if (now - second > 1000) {
      second = now;
      spent = { messages: 0, values: 0, characters: 0 };
    }
    spent.messages++;
    spent.values += values;
    spent.characters += characters;
    return (
      spent.messages <= perSecond.messages &&
      spent.values <= perSecond.values &&
      spent.characters <= perSecond.characters
    );
  };
  const parts = new PartCollector(strangersLimits.bytes);
  host.onmessage = (event: MessageEvent<unknown>) => {
    const { buffers, sharedBytes } = weighPayload(event.data);
    postInParts(plugin, event.data, [...buffers], sharedBytes > 0);
  };
  plugin.onmessage = (event: MessageEvent<unknown>) => {
    try {
      if (event.ports.length > 0) throw new PayloadError('A message carried a port.');
      const whole = parts.collect(event.data);
      if (whole === undefined) {
        if (!spend(1, 0)) throw new PayloadError('It sends more than can be read.');
        return;
      }
      const { message, weight } = readFromPlugin(whole, strangersLimits);
      if (weight.sharedBytes > 0) throw new PayloadError('A message carried shared memory.');
      if (!spend(weight.values, weight.characters)) throw new PayloadError('It sends more than can be read.');
      host.postMessage(message, [...weight.buffers]);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  };
  plugin.onmessageerror = () => end('A message could not be read.');
}
