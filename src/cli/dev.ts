import { createServer } from 'vite';
import { root } from './root.ts';

const server = await createServer({ root });
await server.listen();
server.printUrls();
