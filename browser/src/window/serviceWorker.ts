import { after } from '../core/after.js';
import type { Options } from '../core/pageTypes.js';
import { loaded } from './loaded.js';

type Warn = (problem: string) => void;

/** Notifies the page and its callbacks of new workers. */
function watch(registration: ServiceWorkerRegistration, options: Options, warn: Warn): void {
  const announce = (state: ServiceWorkerState | undefined): void => {
    if (state === 'installed' && navigator.serviceWorker.controller) {
      document.dispatchEvent(new Event('sw-update-available'));
    }
  };
  const found = (): void => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => {
      options.onServiceWorkerStateChange?.(registration);
      announce(worker.state);
    });
  };
  registration.addEventListener('updatefound', found);
  found();
  announce(registration.waiting?.state);
  try {
    options.onServiceWorkerRegistered?.(registration);
  } catch (error) {
    warn(`onServiceWorkerRegistered failed: ${error}`);
  }
}

/** Watches the worker that is being registered; failure is logged, not thrown. Resolves to whether there will be one. */
export async function watchRegistration(
  registering: Promise<ServiceWorkerRegistration | ServiceWorker>,
  options: Options,
  warn: Warn,
): Promise<boolean> {
  try {
    const registered = await registering;
    if (!('scriptURL' in registered)) {
      watch(registered, options, warn);
      return true;
    }
    const { pathname } = new URL(registered.scriptURL);
    warn(
      `the service worker of this site, ${pathname}, stays: add data-service-worker="${pathname}" to the script tag, and` +
        ` importScripts("${options.serviceWorkerPath}") to that worker`,
    );
  } catch (error) {
    warn(`the service worker cannot be registered: ${error}`);
  }
  return false;
}

/**
 * Resolves to the controlling worker, or else the active one; to undefined if neither appears before the timeout.
 *
 * @param isExpected Whether a worker was, or will be, registered.
 */
export async function activeWorker(isExpected: () => boolean): Promise<ServiceWorker | undefined> {
  const workers = navigator.serviceWorker;
  if (workers.controller) return workers.controller;
  const patience = async (): Promise<undefined> => {
    await loaded();
    // A worker may also be registered by the site itself.
    if (isExpected() || (await workers.getRegistration())) await after(10_000);
  };
  const registration = await Promise.race([workers.ready, patience()]);
  return workers.controller ?? registration?.active ?? undefined;
}
