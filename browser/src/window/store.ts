import type { WorkerStats } from '../core/types.js';
import { workerClient } from './client.js';
import { events } from './events.js';
import { forgetFresh } from './fresh.js';
import { httpCache } from './httpCacheMode.js';

/** Totals of the worker since it was installed; undefined if no worker answers. */
export async function stats(): Promise<WorkerStats | undefined> {
  return (await workerClient())?.stats();
}

/**
 * Empties the worker's store. Call it when a user logs out.
 *
 * Resolves when the store is empty, which it is where there are no service workers. Rejects when no worker has
 * answered in time or the worker has failed: the store may then still hold what that user has seen.
 */
export async function clear(): Promise<void> {
  forgetFresh();
  events.dispatchEvent(new Event('clear'));
  if (await httpCache()) throw new Error('only Clear-Site-Data: "cache" empties the cache of a browser');
  await (await workerClient())?.clear();
}

/**
 * The service worker that answers for this page.
 *
 * That is the one in control; after a reload that went past it, the active one. Rejects where service workers
 * do not exist, or when there is no worker ten seconds after the page has loaded.
 */
export async function waitForServiceWorker(): Promise<ServiceWorker> {
  const client = await workerClient();
  if (!client) throw new Error('service worker not supported');
  return client.worker();
}
