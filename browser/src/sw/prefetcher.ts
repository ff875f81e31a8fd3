import { after } from '../core/after.js';
import { given } from '../core/given.js';
import { methodParameter, ownPathPrefix } from '../core/names.js';
import type { Report, StatsAnswer, ToWorker } from '../core/protocol.js';
import { storeKey } from '../core/storeKey.js';
import { type Incoming, Intake, isPrefetch } from './intake.js';
import { post } from './pages.js';
import { requestKey } from './requestKey.js';
import { type FetchEvent, scope, type WorkerMessageEvent } from './scope.js';
import { Store } from './store.js';
import type { PrefetcherConfig } from './types.js';
import { matchesVary } from './vary.js';

const DEFAULTS = {
  plugins: [],
  defaultMaxAgeSeconds: 120,
  skipAssets: false,
  subtractAge: false,
  maxEntries: 200,
  maxBytes: 30_000_000,
};

/** How long a request waits for the store: a storage that hangs must not make the site hang. */
const LOOK_UP_MILLISECONDS = 1000;

type Config = PrefetcherConfig & { [Name in keyof typeof DEFAULTS]: NonNullable<PrefetcherConfig[Name]> };

/**
 * Stores prefetched responses and answers later requests with them.
 *
 *     new Prefetcher({ defaultMaxAgeSeconds: 600 }).route();
 *
 * Responses to other GET requests of this origin are stored when the edge gives them a time in
 * `x-sw-cache-control`, or when {@link Prefetcher.cache} does.
 */
export class Prefetcher {
  readonly #config: Config;
  readonly #store: Store;
  readonly #intake: Intake;
  readonly #cached: { expression: RegExp; seconds: number }[] = [];
  readonly #servedPages = new Set<string>();
  #isRouted = false;

  constructor(config: PrefetcherConfig = {}) {
    this.#config = { ...DEFAULTS, ...given(config) };
    const onWasted = (url: string): void => void post({ action: 'report', event: 'wasted', url });
    this.#store = new Store({ ...this.#config, onWasted });
    this.#intake = new Intake(this.#config, this.#store);
  }

  /** Also stores responses to GET requests whose URL matches, for some seconds unless the edge says otherwise. */
  cache(expression: RegExp, maxAgeSeconds = 86_400): this {
    this.#cached.push({ expression: new RegExp(expression.source, 'i'), seconds: maxAgeSeconds });
    return this;
  }

  /** Starts to answer requests and messages. A second call does nothing. */
  route(): this {
    if (this.#isRouted) return this;
    this.#isRouted = true;
    scope.addEventListener('fetch', (event) => {
      if (this.#isOurs(event.request)) event.respondWith(this.#answer(event));
    });
    scope.addEventListener('message', (event) => event.waitUntil(this.#obey(event)));
    scope.addEventListener('activate', (event) => event.waitUntil(this.#store.deleteOthers()));
    return this;
  }

  #key(href: string): string {
    return storeKey(href, scope.location.origin, this.#config.cacheHost);
  }

  /** Range requests, those that are authorised and our own files go by untouched, as all that others answer. */
  #isOurs(request: Request): boolean {
    const { url, method, headers, destination } = request;
    const { origin, host, pathname } = new URL(url);
    if (origin !== scope.location.origin && host !== this.#config.cacheHost) return false;
    if (pathname.startsWith(ownPathPrefix) || headers.has('range') || headers.has('authorization'))
      return false;
    if (this.#config.skipAssets && !/^(document|i?frame)?$/.test(destination)) return false;
    return method === 'GET' || this.#mayHaveStandIn(request);
  }

  /** Whether a prefetched response may answer a request with a body; uploads of files are left alone. */
  #mayHaveStandIn({ url, method, headers }: Request): boolean {
    if (!/json|text|urlencoded|^$/.test(headers.get('content-type') ?? '')) return false;
    const address = this.#key(url);
    const end = `${methodParameter}=${method.toLowerCase()}`;
    return this.#store.mayHave((key) => key.startsWith(address) && key.endsWith(end));
  }

  async #answer(event: FetchEvent): Promise<Response> {
    const { request, clientId } = event;
    const lookUp = this.#fromStore(event, Date.now() + LOOK_UP_MILLISECONDS).catch(() => undefined);
    const stored = await Promise.race([lookUp, after(LOOK_UP_MILLISECONDS)]);
    if (stored) return stored;
    const { era } = this.#store;
    const response = (await event.preloadResponse) ?? (await fetch(request));
    if (request.method === 'GET') {
      const key = this.#key(request.url);
      const isForAll = matchesVary(request, response);
      const incoming = { href: request.url, key, response, clientId, era, isForAll };
      event.waitUntil(this.#take(incoming, (report) => post(report, clientId)));
    }
    return response;
  }

  /** The stored answer, when it is found by the deadline, in milliseconds since 1970; later it counts for nothing. */
  async #fromStore(event: FetchEvent, deadline: number): Promise<Response | undefined> {
    const { request, clientId, resultingClientId } = event;
    // Reloads go past the store, as they go past the browser's cache.
    if (/^(no-store|reload|no-cache)$/.test(request.cache)) return undefined;
    // A worker that has just woken up lets requests with a body in before it knows what is stored.
    await this.#store.open();
    if (!this.#isOurs(request)) return undefined;
    const key = await requestKey(request, scope.location.origin, this.#config.cacheHost);
    const isAgain = isPrefetch(request.url);
    const response = await (isAgain
      ? this.#store.peek(key)
      : this.#store.use(key, (stored) => Date.now() < deadline && matchesVary(request, stored)));
    if (!response) return undefined;
    if (resultingClientId) this.#servedPages.add(resultingClientId);
    const report = isAgain ? await this.#kept(key) : ({ action: 'report', event: 'hit', url: key } as const);
    if (clientId) event.waitUntil(post(report, clientId));
    return response;
  }

  /** The report of a prefetch for which nothing was requested. */
  async #kept(url: string): Promise<Report> {
    const expires = await this.#store.freshUntil(url);
    return { action: 'report', event: 'kept', url, expires, isUsed: this.#store.isUsed(url) };
  }

  #take(incoming: Omit<Incoming, 'patternSeconds'>, report: (report: Report) => unknown): Promise<void> {
    const pattern = this.#cached.find(({ expression }) => expression.test(incoming.key));
    return this.#intake.take({ ...incoming, patternSeconds: pattern?.seconds }, report);
  }

  async #obey({ data, source, ports }: WorkerMessageEvent): Promise<void> {
    const message = data as ToWorker | null;
    const clientId = source?.id ?? '';
    const answer = (content: unknown): void => ports[0]?.postMessage(content);
    try {
      if (message?.action === 'get-stats') {
        const servedFromStore = this.#servedPages.has(clientId);
        answer({ stats: await this.#store.stats(), servedFromStore } satisfies StatsAnswer);
      } else if (message?.action === 'clear') {
        await this.#store.clear();
        answer(true);
      } else if (message?.action === 'fetch-into-store') {
        await this.#fetchIntoStore(message.url, message.cors, clientId, answer);
      }
    } catch (error) {
      answer({ action: 'report', event: 'refused', url: '', reason: String(error) });
    }
  }

  /** A prefetch for a page that this worker does not control yet. */
  async #fetchIntoStore(
    href: string,
    cors: string | false,
    clientId: string,
    answer: (report: Report) => void,
  ): Promise<void> {
    const key = this.#key(href);
    if (await this.#store.peek(key)) {
      answer(await this.#kept(key));
      return;
    }
    const { era } = this.#store;
    const response = await fetch(href, {
      mode: cors ? 'cors' : 'no-cors',
      credentials: cors === 'use-credentials' ? 'include' : 'same-origin',
      priority: 'low',
    } as RequestInit);
    await this.#take({ href, key, response, clientId, era, isForAll: true }, answer);
  }
}
