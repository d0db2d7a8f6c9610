import { preview } from 'vite';
import { buildApp } from './build-app.ts';
import { root } from './root.ts';

console.log('Building Patron…');
await buildApp();
const port = Number(process.env.PORT ?? 4173);
await preview({ root, preview: { port, strictPort: true }, logLevel: 'warn' });
console.log(`Patron is served on http://localhost:${port}  (Ctrl+C stops it)`);
