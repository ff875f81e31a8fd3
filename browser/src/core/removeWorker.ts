import { ownPathPrefix } from './names.js';

/** Deletes all that a service worker of ours has stored. */
export async function removeStores(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('prefetchrouter-')) await caches.delete(name);
}

/** Removes our service worker, of any version, and what it has stored; others stay. */
export async function removeWorker(): Promise<void> {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const registration of registrations) {
    const { scriptURL } = registration.active ?? registration.waiting ?? registration.installing ?? {};
    if (scriptURL?.includes(`${ownPathPrefix}service_worker`)) await registration.unregister();
  }
  await removeStores();
}
