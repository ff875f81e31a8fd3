/** Registers the service worker: in the install script, because a worker that comes soon can answer the first click. */
import { ownPathPrefix } from '../core/names.js';
import type { Options } from '../core/pageTypes.js';

const OWN_WORKER = `${ownPathPrefix}service_worker`;

/** Resolves to the registration, or to the site's own worker that has our scope, and stays. Rejects on failure. */
export async function register({
  serviceWorkerPath: path,
  serviceWorkerScope,
}: Options): Promise<ServiceWorkerRegistration | ServiceWorker> {
  const workers = navigator.serviceWorker;
  // Absolute, because both would be resolved against the document's base.
  const scope = new URL(serviceWorkerScope, location.origin).href;
  // The path of another worker means that worker.
  const known = path.includes(OWN_WORKER) ? await workers.getRegistration(scope) : undefined;
  const worker = known?.active ?? known?.waiting ?? known?.installing;
  if (worker && known?.scope === scope && !worker.scriptURL.includes(OWN_WORKER)) return worker;
  return workers.register(new URL(path, location.origin), { scope });
}
