import { after } from '../core/after.js';
import { ownPathPrefix } from '../core/names.js';
import type { Options } from '../core/pageTypes.js';
import { container } from './container.js';
import { loaded } from './loaded.js';

const OWN_WORKER = `${ownPathPrefix}service_worker`;

/** The path of a service worker of the site's own that has our scope; undefined without one, or to replace one of ours. */
async function otherWorker({ serviceWorkerPath, serviceWorkerScope }: Options): Promise<string | undefined> {
  // Who gives a path of another worker wants that one.
  if (!serviceWorkerPath.includes(OWN_WORKER)) return undefined;
  const scope = new URL(serviceWorkerScope, location.origin).href;
  const registration = await navigator.serviceWorker.getRegistration(scope);
  const { scriptURL } = registration?.active ?? registration?.waiting ?? registration?.installing ?? {};
  if (registration?.scope !== scope || !scriptURL || scriptURL.includes(OWN_WORKER)) return undefined;
  return new URL(scriptURL).pathname;
}

/** Registers the service worker. Failure is said, not thrown. */
export async function register(options: Options, warn: (problem: string) => void): Promise<void> {
  try {
    const { origin } = location;
    const other = await otherWorker(options);
    if (other) {
      warn(
        `the service worker of this site, ${other}, stays: add data-service-worker="${other}" to the script tag, and` +
          ` importScripts("${options.serviceWorkerPath}") to that worker`,
      );
      return;
    }
    // Absolute, because both would be resolved against the document's base.
    const registration = await navigator.serviceWorker.register(new URL(options.serviceWorkerPath, origin), {
      scope: new URL(options.serviceWorkerScope, origin).href,
    });
    const announce = (state: ServiceWorkerState | undefined): void => {
      if (state === 'installed' && navigator.serviceWorker.controller) {
        document.dispatchEvent(new Event('sw-update-available'));
      }
    };
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        options.onServiceWorkerStateChange?.(registration);
        announce(worker.state);
      });
    });
    announce(registration.waiting?.state);
    try {
      options.onServiceWorkerRegistered?.(registration);
    } catch (error) {
      warn(`onServiceWorkerRegistered failed: ${error}`);
    }
  } catch (error) {
    warn(`the service worker cannot be registered: ${error}`);
  }
}

/** Resolves to the controlling worker, or else the active one; to undefined if neither appears before the timeout. */
export async function activeWorker(): Promise<ServiceWorker | undefined> {
  const workers = container();
  if (!workers) return undefined;
  if (workers.controller) return workers.controller;
  const registration = await Promise.race([workers.ready, loaded().then(() => after(10_000))]);
  return workers.controller ?? registration?.active ?? undefined;
}
