// The app's one service worker. It keeps the app's own files in this browser, so that it opens without a network, and adds
// the two headers that make the page cross-origin isolated where a static host sends none of its own, so that the app's
// workers may share memory. `FILES` and `VERSION` are filled in when the app is built.
const FILES = [];
const VERSION = 'unbuilt';

const PREFIX = `patron-app:${self.registration.scope}:`;
const CACHE = PREFIX + VERSION;
// Names of built files change with their contents: one that an older version has kept need not be fetched again.
const UNCHANGING = /\/assets\/[^/]+-[\w-]{8}\.[a-z0-9]+$/;

self.addEventListener('install', (event) => event.waitUntil(keepAll()));

self.addEventListener('activate', (event) =>
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
      // The version before stays, for tabs that still show it.
      await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  ),
);

// A new version waits until the user wants it, or until no tab shows the old one.
self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (!request.url.startsWith(self.registration.scope)) return;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return;
  event.respondWith(answer(request, address));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  const wanted = FILES.map((file) => new URL(file, self.registration.scope).href);
  // A few at a time, so that the page itself is not kept waiting.
  const next = wanted[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const file of next) {
        const kept = UNCHANGING.test(file) ? await caches.match(file) : undefined;
        const response = kept ?? (await fetch(file, { cache: 'no-cache' }));
        if (!response.ok) throw new Error(`'${file}' could not be fetched: ${response.status}.`);
        await cache.put(file, response);
      }
    }),
  );
}

async function answer(request, address) {
  address.search = '';
  address.hash = '';
  if (address.href === self.registration.scope) address.pathname += 'index.html';
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(address.href)) ?? (await caches.match(address.href));
  return isolated(kept ?? (await fetch(request)));
}

function isolated(response) {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
