/** Carries out prefetches: each URL once at a time, and not while it is fresh. */
import { browserCacheParameter } from '../core/names.js';
import type { ToWorker } from '../core/protocol.js';
import type { PrefetchOutcome } from '../core/types.js';
import { workerClient } from './client.js';
import { container } from './container.js';
import { emit, recall } from './events.js';
import { freshUntil } from './fresh.js';
import { isControl } from './group.js';
import { httpCache } from './httpCacheMode.js';
import { isMissed, rememberMiss } from './missMemory.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { Result, Sent, Wanted } from './wanted.js';

const DEFAULT_FRESH_MILLISECONDS = 120_000;
const PATIENCE_MILLISECONDS = 30_000;

const underWay = new Map<string, Promise<PrefetchOutcome>>();

/** The page's own requests that are under way, by key. */
const sentByPage = new Map<string, Sent>();

/** Gives the bandwidth to a page that the visitor opens: requests end, except one for that page that the worker knows of. */
export function makeWay(url?: string): void {
  for (const [key, { stop, isTaken }] of sentByPage) if (key !== url || !isTaken) stop.abort();
  // Without one under way the message would only start a worker that sleeps.
  if (url && underWay.size)
    container()?.controller?.postMessage({ action: 'make-way', url } satisfies ToWorker);
}

/** Sends one of the page's own requests, at the lowest priority there is. A click does not end it. */
function send({ href, init }: Wanted, query: string): Sent {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), PATIENCE_MILLISECONDS);
  const settings = { ...init, signal: stop.signal, priority: 'low', keepalive: true };
  const response = fetch(href + query, settings as RequestInit);
  return { response, body: response.then((found) => found.arrayBuffer()), stop };
}

/**
 * Requests a URL of this site so that a click can use it.
 *
 * A worker in control fetches it, which no policy of the page forbids, which outlives the page, and which a click
 * joins. Before there is one, the page requests it at once, and hands it over, to the browser's cache or the worker.
 */
async function request(wanted: Wanted, onLoaded?: () => void): Promise<Result> {
  const choosing = httpCache();
  const make = (): Sent => {
    const sent = send(wanted, choosing ? `&${browserCacheParameter}=1` : '');
    sentByPage.set(wanted.key, sent);
    void sent.body.catch(() => undefined).then(onLoaded);
    return sent;
  };
  const isControlled = container()?.controller;
  // What another host refuses, a page cannot read: the worker asks it, and once.
  const isOwn = wanted.href.startsWith(`${location.origin}/`);
  const early = isOwn && !isControlled && options.worker !== 'never' ? make() : undefined;
  const keep = await choosing;
  // A click finds it in the browser's cache, also while it is on its way.
  if (keep) return keep(() => Object.assign(early ?? make(), { isTaken: true }));
  const client = await workerClient();
  const result = await (early ? client?.take(wanted, early) : client?.fetch(wanted));
  return result ?? { event: 'refused', reason: 'no service worker' };
}

/** Reports that a URL was refused. */
export function refuse(url: string, reason: string, status?: number): PrefetchOutcome {
  emit('refused', { url, reason, status });
  return 'refused';
}

function settle({ key, seconds = 0 }: Wanted, result: Result): PrefetchOutcome {
  const { event, reason, status, expires, isUsed } = result;
  underWay.delete(key);
  sentByPage.delete(key);
  if (event === 'refused') {
    if (status === 412) rememberMiss(key);
    return refuse(key, reason ?? event, status);
  }
  freshUntil.set(key, expires ?? Date.now() + (seconds * 1000 || DEFAULT_FRESH_MILLISECONDS));
  if (event !== 'prefetch') {
    recall(key, isUsed ? 'hit' : 'prefetch');
    return 'skipped';
  }
  emit('prefetch', { url: key, status });
  return 'prefetched';
}

/**
 * Prefetches; a URL that is under way is joined, one that is fresh is skipped.
 *
 * @param onLoaded Called when the response is here, which may be before it is stored.
 */
export function run(wanted: Wanted, onLoaded?: () => void): Promise<PrefetchOutcome> | PrefetchOutcome {
  const { key, cachedOnly, isForeign } = wanted;
  if (isControl()) return 'skipped';
  const running = underWay.get(key);
  if (running) return running;
  if ((freshUntil.get(key) ?? 0) > Date.now()) return 'skipped';
  if (cachedOnly && isMissed(key)) {
    recall(key, 'refused');
    return 'skipped';
  }
  const outcome = (
    isForeign ? parts.foreign().then(({ pastWorker }) => pastWorker(wanted)) : request(wanted, onLoaded)
  )
    .catch((error): Result => ({ event: 'refused', reason: String(error) }))
    .then((result) => settle(wanted, result));
  underWay.set(key, outcome);
  return outcome;
}
