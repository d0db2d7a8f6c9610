import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { catalogueFiles } from './src/cli/catalogue-files.ts';
import { offlineFiles } from './src/cli/offline-files.ts';
import { sandboxPrelude } from './src/cli/sandbox-prelude.ts';

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const presets = ['conditional-formatting', 'core', 'data-validation', 'drawing', 'filter', 'find-replace', 'sort'];

export default defineConfig({
  base: './',
  plugins: [solid(), sandboxPrelude(), catalogueFiles(), offlineFiles()],
  resolve: {
    alias: {
      '@patron/sdk/testing': source('./src/sdk/testing.ts'),
      '@patron/sdk': source('./src/sdk/index.ts'),
    },
  },
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
  // What is loaded late must be known to the dev server early, or it reloads the page when it comes across it.
  optimizeDeps: {
    include: [
      ...presets.flatMap((preset) =>
        ['', '/locales/en-US', '/locales/zh-CN'].map((part) => `@univerjs/preset-sheets-${preset}${part}`),
      ),
      '@univerjs/preset-sheets-core/worker',
      ...['core', 'engine-formula', 'engine-render', 'presets', 'sheets', 'sheets-formula', 'sheets-ui', 'ui'].map(
        (part) => `@univerjs/${part}`,
      ),
      ...['charts', 'components', 'core', 'features', 'renderers'].map((part) => `echarts/${part}`),
      ...[
        '@streamparser/json',
        '@zip.js/zip.js',
        'apache-arrow',
        'comlink',
        'hucre/xlsx',
        'hyparquet',
        'hyparquet-compressors',
        'hyparquet-writer',
        'idb',
        'valibot',
      ],
    ],
  },
  server: { headers: isolation },
  preview: { headers: isolation, port: 4173, strictPort: true },
});
