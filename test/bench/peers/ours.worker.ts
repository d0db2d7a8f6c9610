import { servePlugin } from '../../../src/platform/plugin-end.ts';
import { plugin } from './ours.ts';

addEventListener(
  'message',
  (event: MessageEvent<{ port: MessagePort }>) => servePlugin(event.data.port, () => plugin),
  {
    once: true,
  },
);
