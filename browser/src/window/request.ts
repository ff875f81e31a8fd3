import { after } from '../core/after.js';
import type { Report } from '../core/protocol.js';
import type { PrefetchAs } from '../core/types.js';
import { activeWorker, ask, container } from './serviceWorker.js';

export type Cors = false | 'anonymous' | 'use-credentials';

/** The result of a request, as far as the page knows it. */
export type Result = Pick<Report, 'event' | 'reason' | 'status' | 'expires' | 'isUsed'>;

const waiting = new Map<string, (report: Report) => void>();

/** Hands a report of the worker to the request that waits for it. */
export const deliver = (report: Report): void => waiting.get(report.url)?.(report);

const hasLinkPrefetch = (): boolean =>
  document.createElement('link').relList?.supports?.('prefetch') ?? false;

async function byLink(href: string, as: PrefetchAs, cors: Cors): Promise<boolean> {
  const link = document.createElement('link');
  link.setAttribute('rel', 'prefetch');
  link.setAttribute('as', as);
  if (cors) link.setAttribute('crossorigin', cors);
  link.setAttribute('href', href);
  const isLoaded = await new Promise<boolean>((resolve) => {
    link.onload = () => resolve(true);
    link.onerror = () => resolve(false);
    document.head.append(link);
  });
  link.remove();
  return isLoaded;
}

async function byFetch(href: string, cors: Cors): Promise<boolean | number> {
  const init: RequestInit & { priority: string } = {
    mode: cors ? 'cors' : 'no-cors',
    credentials: cors === 'use-credentials' ? 'include' : 'same-origin',
    priority: 'low',
  };
  const response = await fetch(href, init);
  // Browsers may cancel a response that is not read, and the worker's clone with it.
  await response.arrayBuffer();
  return response.ok || response.type === 'opaque' || response.status;
}

/** Requests `href` at the lowest priority that this browser offers, past the worker's eyes or not. */
async function byPage(href: string, as: PrefetchAs, cors: Cors): Promise<Result> {
  const request = hasLinkPrefetch() ? byLink(href, as, cors) : byFetch(href, cors).catch(() => false);
  const done = await Promise.race([request, after(30_000)]);
  if (done === true) return { event: 'prefetch' };
  return {
    event: 'refused',
    reason: done === undefined ? 'no answer' : 'not loaded',
    status: Number(done) || undefined,
  };
}

/** Requests `href` so that the worker stores it under `key`, also when it does not control this page yet. */
export async function throughWorker(href: string, key: string, as: PrefetchAs, cors: Cors): Promise<Result> {
  if (!(await activeWorker())) return { event: 'refused', reason: 'no service worker' };
  if (!container()?.controller) {
    const report = await ask<Report>({ action: 'fetch-into-store', url: href, cors });
    return report ?? { event: 'refused', reason: 'no answer from the service worker' };
  }
  const report = new Promise<Report>((resolve) => waiting.set(key, resolve));
  const seen = byPage(href, as, cors).then((result) => after(1000).then(() => result));
  return Promise.race([report, seen]).finally(() => waiting.delete(key));
}

/** Requests `href` of another origin into the browser's HTTP cache. */
export const pastWorker = byPage;
