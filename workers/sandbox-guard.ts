import { guardPlugin } from '../src/platform/index.ts';

/** Its first message is the two ports it stands between; what it says itself is why a plugin has to end. */
addEventListener('message', (event: MessageEvent<{ host: MessagePort; plugin: MessagePort }>) => {
  guardPlugin(event.data.host, event.data.plugin, (why) => self.postMessage(why));
});
