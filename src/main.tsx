import './workbench/theme/tokens.css';
import './workbench/theme/base.css';
import { startWorkbench } from './workbench/index.ts';

const root = document.getElementById('patron');
if (root) void startWorkbench(root);

// A host that sends no isolation headers gets them from this service worker, from the next visit on.
if (!crossOriginIsolated && isSecureContext && 'serviceWorker' in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register('./isolation-worker.js').catch(() => undefined);
}
