import type { Report, StatsAnswer, ToPage } from '../core/protocol.js';
import type { Prefetch, WorkerStats } from '../core/types.js';
import { emit, events } from './events.js';
import { forgetFresh } from './fresh.js';
import { deliver } from './request.js';
import { ask, container } from './serviceWorker.js';

function report(message: Report): void {
  const { event, url, reason, status } = message;
  if (event === 'hit' || event === 'wasted') emit(event, { url, reason, status });
  else deliver(message);
}

let isListening = false;

/**
 * Does what the worker asks for, and passes on what it reports; a second call does nothing.
 *
 * @param prefetch Called when a plugin of the worker asks the page for a prefetch.
 */
export function listenToWorker(prefetch: Prefetch): void {
  if (isListening) return;
  isListening = true;
  navigator.serviceWorker.addEventListener('message', ({ data, ports }: MessageEvent<ToPage | null>) => {
    if (data?.action === 'report') report(data);
    if (data?.action === 'prefetch') prefetch(data.url, data.as, data.options).catch(console.warn);
    if (data?.action === 'query-html') {
      import('./deepFetch.js')
        .then(({ queryHtml }) => ports[0]?.postMessage(queryHtml(data.query)))
        .catch(console.warn);
    }
  });
  navigator.serviceWorker.startMessages();
}

/** Totals of the worker since it was installed; undefined when no worker answers. */
export async function stats(): Promise<WorkerStats | undefined> {
  return (await ask<StatsAnswer>({ action: 'get-stats' }))?.stats;
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
  if (!container()) return;
  const answer = await ask<true | Report>({ action: 'clear' });
  if (answer !== true)
    throw new Error(`the store was not emptied: ${answer?.reason ?? 'no worker answered'}`);
}

/** Counts this page itself as a hit when it came from the store or from a prefetch of the browser. */
export async function countThisPage(): Promise<void> {
  const [entry] = performance.getEntriesByType('navigation') as (PerformanceEntry & {
    deliveryType?: string;
  })[];
  const fromBrowser = entry?.deliveryType === 'navigational-prefetch';
  const fromStore = (await ask<StatsAnswer>({ action: 'get-stats' }))?.servedFromStore;
  if (fromBrowser || fromStore) emit('hit', { url: location.href.replace(/#.*/s, '') });
}
