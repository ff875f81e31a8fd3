/** Carries out prefetches: each URL once at a time, and not while it is fresh. */
import { after } from '../core/after.js';
import type { PrefetchOutcome } from '../core/types.js';
import { activeClient, workerClient } from './client.js';
import { container } from './container.js';
import { emit, recall } from './events.js';
import { freshUntil } from './fresh.js';
import { isControl } from './group.js';
import { httpCache } from './httpCacheMode.js';
import { isMissed, rememberMiss } from './missMemory.js';
import { parts } from './parts.js';
import type { Result, Wanted } from './wanted.js';

const DEFAULT_FRESH_MILLISECONDS = 120_000;
const PATIENCE_MILLISECONDS = 30_000;

/** When there is a worker, what nearly is here may still come. */
const GRACE_MILLISECONDS = 300;

const underWay = new Map<string, Promise<PrefetchOutcome>>();

/** What a page has fetched itself: nothing where that failed, was forbidden, took too long, or was given up. */
interface Fetched {
  response?: Response;
  body?: ArrayBuffer;
}

/** Fetches at the lowest priority there is, until a moment after `end` resolves. */
async function byPage({ href, init }: Wanted, end: Promise<unknown> | undefined): Promise<Fetched> {
  const stop = new AbortController();
  const fetched: Fetched = {};
  const read = async (): Promise<void> => {
    fetched.response = await fetch(href, { ...init, signal: stop.signal, priority: 'low' } as RequestInit);
    fetched.body = await fetched.response.arrayBuffer();
  };
  const ends = [read().catch(() => undefined), after(PATIENCE_MILLISECONDS)];
  if (end) ends.push(end.then(() => after(GRACE_MILLISECONDS)));
  await Promise.race(ends);
  // What the browser's cache takes is one download, whoever else asks for it meanwhile.
  const isShared = /max-age=[1-9]/.test(fetched.response?.headers.get('cache-control') ?? '');
  if (!fetched.body && !isShared) stop.abort();
  return fetched;
}

/**
 * Requests a URL of this site so that the worker stores it.
 *
 * An active worker fetches it, which no policy of the page forbids, which outlives the page, and which a click joins.
 * Before there is one, the page fetches at once, and hands over what came until then.
 */
async function forWorker(wanted: Wanted, onLoaded?: () => void): Promise<Result> {
  const withoutWorker = await httpCache();
  if (withoutWorker) return withoutWorker(wanted).finally(onLoaded);
  const active = await activeClient();
  const report = await active?.fetch(wanted);
  if (report) return report;
  // What another host refuses, a page cannot read: the worker asks it, and once.
  const isOwn = wanted.href.startsWith(`${location.origin}/`);
  const { response, body }: Fetched = isOwn
    ? await byPage(wanted, active ? undefined : container()?.ready)
    : {};
  onLoaded?.();
  const { status } = response ?? {};
  if (status && status !== 200) return { event: 'refused', reason: `status ${status}`, status };
  const taken = await (await workerClient())?.take(wanted, response, body);
  return taken ?? { event: 'refused', reason: 'no service worker' };
}

/** Reports that a URL was refused. */
export function refuse(url: string, reason: string, status?: number): PrefetchOutcome {
  emit('refused', { url, reason, status });
  return 'refused';
}

function settle({ key, seconds = 0 }: Wanted, result: Result): PrefetchOutcome {
  const { event, reason, status, expires, isUsed } = result;
  underWay.delete(key);
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
    isForeign ? parts.foreign().then(({ pastWorker }) => pastWorker(wanted)) : forWorker(wanted, onLoaded)
  )
    .catch((error): Result => ({ event: 'refused', reason: String(error) }))
    .then((result) => settle(wanted, result));
  underWay.set(key, outcome);
  return outcome;
}
