import { guardPlugin, type HostSide } from '../src/platform/index.ts';

/** Its first message is the plugin's port and the port to say on why a plugin has to end; all others go to the plugin. */
self.onmessage = (event: MessageEvent<{ plugin: MessagePort; refused: MessagePort }>) => {
  const { plugin, refused } = event.data;
  guardPlugin(self as unknown as HostSide, plugin, (why) => refused.postMessage(why));
};
