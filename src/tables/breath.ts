/**
 * What a long piece of work awaits now and then: lets messages in between once `milliseconds` have gone since it last did,
 * and ends the work when `signal` says so. A task of its own, since a timer would wait four milliseconds each time.
 */
export function createBreath(signal: AbortSignal, milliseconds = 25): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= milliseconds) {
      await nextTask();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
