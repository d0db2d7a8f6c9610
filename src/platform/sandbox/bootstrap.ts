/**
 * Starts the plugin's worker from the source and the port in its first message, and reports the first errors on the second
 * port. It runs in a worker of its own, because the events of a worker arrive in the thread that started it: a plugin that
 * throws a million errors keeps this thread busy and not the page's, which a frame may share.
 */
const shell = `onmessage = function (event) {
  onmessage = null;
  var report = event.ports[1], left = 20;
  try {
    var worker = new Worker(URL.createObjectURL(new Blob([event.data], { type: 'text/javascript' })));
    worker.onerror = function (error) {
      error.preventDefault();
      if (left-- > 0) report.postMessage(String(error.message).slice(0, 1000));
    };
    worker.postMessage(null, [event.ports[0]]);
  } catch (error) {
    report.postMessage(String(error).slice(0, 1000));
  }
};`;

/**
 * The one script of a plugin's frame. It takes the plugin's source and two ports from the page and passes them on to the
 * shell. The page's policy and the frame's own allow it by its hash, so a change here changes `bootstrapHash`, which a test
 * compares with what stands in index.html.
 */
export const bootstrap = `addEventListener('message', function start(event) {
  if (event.source !== parent || event.ports.length !== 2) return;
  removeEventListener('message', start);
  new Worker(URL.createObjectURL(new Blob([${JSON.stringify(shell)}], { type: 'text/javascript' })))
    .postMessage(event.data, event.ports);
});`;

/** What the policies of the page and of the frame name the script by. */
export const bootstrapHash = 'sha256-YTYhkmvx156pcrUqYgtkq5pvYaQ/XJJh9tnbKWxyL30=';

/** The document of a plugin's frame: nothing may load, connect or run but the bootstrap and blob workers. */
export function frameDocument(): string {
  const policy = `default-src 'none'; script-src '${bootstrapHash}' blob:; worker-src blob:; connect-src 'none'`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${bootstrap}</script>`;
}
