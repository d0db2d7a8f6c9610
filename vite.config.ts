import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  base: './',
  plugins: [solid()],
  resolve: {
    alias: {
      '@patron/sdk/testing': source('./src/sdk/testing.ts'),
      '@patron/sdk': source('./src/sdk/index.ts'),
    },
  },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
  server: { headers: isolation },
  preview: { headers: isolation, port: 4173, strictPort: true },
});
