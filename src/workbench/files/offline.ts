import { onCleanup } from 'solid-js';
import type { Workbench } from '../workbench.ts';

/** Time for the page to be up before the app's files are kept for use without a network. */
const DELAY = 3000;

/**
 * Keeps the app's files in this browser by its service worker, which also isolates the page on hosts that send no headers.
 * A new version is fetched quietly and offered; it takes over when the user reloads or when the last tab is closed.
 */
export function keepOffline({ notifications, language, session }: Workbench): void {
  if (!import.meta.env.PROD || !isSecureContext || !('serviceWorker' in navigator)) return;
  const { t } = language;
  const container = navigator.serviceWorker;
  let reloading = false;
  const reload = async (worker: ServiceWorker): Promise<void> => {
    if (session.current()) await session.host().flush();
    reloading = true;
    worker.postMessage('activate');
  };
  const offer = (worker: ServiceWorker): void => {
    notifications.add({
      kind: 'info',
      text: () => t('update.ready'),
      actions: [
        {
          label: () => t('update.reload'),
          available: () => worker.state === 'installed',
          run: () => reload(worker),
        },
      ],
    });
  };
  const onChange = (): void => {
    if (reloading) location.reload();
  };
  container.addEventListener('controllerchange', onChange);
  const timer = setTimeout(async () => {
    // Without it the app works as before, only not without a network.
    const registration = await container
      .register('./service-worker.js', { updateViaCache: 'none' })
      .catch(() => undefined);
    if (!registration) return;
    if (registration.waiting && container.controller) offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && registration.active) offer(worker);
      });
    });
  }, delay());
  onCleanup(() => {
    clearTimeout(timer);
    container.removeEventListener('controllerchange', onChange);
  });
}

/** At once where the page is not isolated: then its workers wait for it. */
function delay(): number {
  return crossOriginIsolated ? DELAY : 0;
}
