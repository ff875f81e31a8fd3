import { after } from '../core/after.js';
import { browserCacheParameter, methodParameter, ownPathPrefix } from '../core/names.js';
import type { Report, ToWorker } from '../core/protocol.js';
import { withoutOwn } from '../core/storeKey.js';
import { delivered } from './delivery.js';
import { type Flight, Flights } from './flights.js';
import { type Hooks, type Intake, isPrefetch } from './intake.js';
import { post } from './pages.js';
import { requestKey } from './requestKey.js';
import { type FetchEvent, type Port, scope } from './scope.js';
import { changesSession } from './session.js';
import type { Store } from './store.js';
import { matchesVary } from './vary.js';

/** How long a request waits for the store: a storage that hangs must not make the site hang. */
const LOOK_UP_MILLISECONDS = 1000;

/** How long a prefetch waits for another request of its URL. */
const TURN_MILLISECONDS = 30_000;

/** A prefetch belongs to no page: one that is closed, or left by a click on the link, must not end it. */
const sendPrefetch = (request: Request | string, { stop }: Flight, init?: RequestInit): Promise<Response> =>
  fetch(request, { ...init, signal: stop.signal, priority: 'low' } as RequestInit);

type Wanted = Extract<ToWorker, { cors: unknown }>;

/** Sends a prefetch that a page asks for. */
const send = ({ url, cors, accept }: Wanted, flight: Flight): Promise<Response> =>
  sendPrefetch(url, flight, {
    mode: cors ? 'cors' : 'no-cors',
    credentials: cors === 'anonymous' ? 'same-origin' : 'include',
    headers: { accept: accept ?? '*/*' },
  });

/** Reloads go past the store, as they go past the browser's cache. */
const isReload = ({ cache }: Request): boolean => /^(no-store|reload|no-cache)$/.test(cache);

/** Answers requests: from the store, from a prefetch that is under way, or from the network. */
export class Responder {
  /** The pages that were answered without a request for them. */
  readonly servedPages = new Set<string>();
  readonly #store: Store;
  readonly #intake: Intake;
  readonly #hooks: Hooks;
  readonly #flights = new Flights();

  constructor(store: Store, intake: Intake, hooks: Hooks) {
    this.#store = store;
    this.#intake = intake;
    this.#hooks = hooks;
  }

  /** Range requests, those that are authorised and our own files pass untouched, as all that others answer. */
  isOurs(request: Request): boolean {
    const { url, method, headers } = request;
    const { origin, pathname } = new URL(this.#key(url));
    if (origin !== scope.location.origin || pathname.startsWith(ownPathPrefix)) return false;
    if (headers.has('range') || headers.has('authorization') || this.#hooks.skips?.(request)) return false;
    // A page that goes over to the browser's own cache is still controlled by this worker.
    if (url.includes(`&${browserCacheParameter}=`)) return false;
    return method === 'GET' ? !this.#isJustAFile(request) : this.#mayHaveStandIn(request);
  }

  /**
   * Whether a request is for an image, a script or the like that neither rules nor the store concern.
   *
   * The browser loads these itself, which is faster. In Firefox, what a worker passes on is also an error on the
   * console when its page is left before all of it has come.
   */
  #isJustAFile({ url, destination, mode }: Request): boolean {
    if (!destination || mode === 'navigate' || !this.#hooks.hasNoRule?.(url)) return false;
    const [path = ''] = this.#key(url).split('?', 1);
    const isHere = this.#flightOf(url) || this.#store.mayHave((key) => key.split('?', 1)[0] === path);
    return !isHere && !isPrefetch(url);
  }

  /** Whether a prefetched response may answer a request with a body; uploads of files are left alone. */
  #mayHaveStandIn({ url, method, headers }: Request): boolean {
    if (!/json|text|urlencoded|^$/.test(headers.get('content-type') ?? '')) return false;
    const address = this.#key(url);
    const end = `${methodParameter}=${method.toLowerCase()}`;
    return this.#store.mayHave((key) => key.startsWith(address) && key.endsWith(end));
  }

  /** Empties the store when a request may log the visitor in or out. */
  watchSession(event: FetchEvent): void {
    if (changesSession(event.request, scope.location.origin))
      event.waitUntil(this.#store.clear().catch(console.warn));
  }

  /** Responds to a request of a page; what remains to be done keeps the worker alive. */
  async answer(event: FetchEvent): Promise<Response> {
    const { request, clientId } = event;
    if (request.method !== 'GET') {
      const stored = await this.#storedInTime(event);
      if (!stored) this.watchSession(event);
      return stored ?? fetch(request);
    }
    this.watchSession(event);
    // Without one nothing is awaited here, so that the next request finds this one.
    const flight = this.#flightOf(request.url);
    const joined = flight && !isReload(request) && (await this.#join(event, flight));
    if (joined) return joined;
    return new Promise((respond, fail) => {
      const work = this.#fly(request.url, async (flight, era) => {
        const stored = await this.#storedInTime(event);
        if (stored) return respond(stored);
        // A navigation cannot be sent with other options.
        const isSentAsIs = !flight.isPrefetch || request.mode === 'navigate';
        const response =
          (await event.preloadResponse) ??
          (await (isSentAsIs ? fetch(request) : sendPrefetch(request, flight)));
        const taken = this.#take(request, response, clientId, era, flight, (report) =>
          post(report, clientId),
        );
        respond(response);
        await taken;
      });
      event.waitUntil(work.catch(fail));
    });
  }

  /** Gives a visit the bandwidth: ends all prefetches except those that it can use. */
  makeWay(href: string): void {
    this.#flights.makeWay(this.#store.era + this.#key(href));
  }

  /**
   * Prefetches a URL for a page, or takes the response that the page has fetched; answers with the outcome.
   *
   * @param port Where that response will come from.
   */
  async prefetch(
    message: Wanted,
    clientId: string,
    answer: (report: Report) => void,
    port: Port | undefined,
  ): Promise<void> {
    const { url } = message;
    const flight = this.#flightOf(url);
    if (flight) await this.#turn(flight);
    await this.#fly(url, async (flight, era) => {
      const key = this.#key(url);
      if (await this.#store.peek(key)) return answer(await this.#kept(key));
      const response = (port && (await delivered(port))) ?? (await send(message, flight));
      await this.#take(new Request(url), response, clientId, era, flight, answer);
    });
  }

  #key(href: string): string {
    return this.#hooks.keyOf?.(href) ?? withoutOwn(href);
  }

  /** What is under way for a URL since the store was last cleared. */
  #flightOf(href: string): Flight | undefined {
    return this.#flights.get(this.#store.era + this.#key(href));
  }

  #fly(href: string, send: (flight: Flight, era: number) => Promise<void>): Promise<void> {
    const { era } = this.#store;
    return this.#flights.run(era + this.#key(href), isPrefetch(href), (flight) => send(flight, era));
  }

  #turn(flight: Flight): Promise<void> {
    return Promise.race([flight.landed, after(TURN_MILLISECONDS)]);
  }

  /** Waits for a request of the same URL that is under way; resolves to its response if that answers this one. */
  async #join(event: FetchEvent, flight: Flight): Promise<Response | undefined> {
    const { request } = event;
    if (isPrefetch(request.url)) {
      await this.#turn(flight);
      return undefined;
    }
    const response = flight.isPrefetch && (await flight.join((copy) => matchesVary(request, copy)));
    if (!response) return undefined;
    const key = this.#key(request.url);
    const counted = flight.landed.then(() => this.#store.use(key)).catch(() => undefined);
    event.waitUntil(counted);
    this.#served(event, { action: 'report', event: 'hit', url: key });
    return response;
  }

  #served(event: FetchEvent, report: Report): void {
    if (event.resultingClientId) this.servedPages.add(event.resultingClientId);
    if (event.clientId) event.waitUntil(post(report, event.clientId));
  }

  /** The stored answer, unless the store takes too long. */
  #storedInTime(event: FetchEvent): Promise<Response | undefined> {
    const found = this.#stored(event, Date.now() + LOOK_UP_MILLISECONDS).catch(() => undefined);
    return Promise.race([found, after(LOOK_UP_MILLISECONDS)]);
  }

  /** The stored answer, when it is found by the deadline, in milliseconds since 1970; later it counts for nothing. */
  async #stored(event: FetchEvent, deadline: number): Promise<Response | undefined> {
    const { request } = event;
    if (isReload(request)) return undefined;
    // A worker that has just woken up lets requests with a body in before it knows what is stored.
    await this.#store.open();
    if (!this.isOurs(request)) return undefined;
    const key = await requestKey(request, this.#key(request.url));
    const isAgain = isPrefetch(request.url);
    const response = await (isAgain
      ? this.#store.peek(key)
      : this.#store.use(key, (stored) => Date.now() < deadline && matchesVary(request, stored)));
    if (!response) return undefined;
    this.#served(event, isAgain ? await this.#kept(key) : { action: 'report', event: 'hit', url: key });
    return response;
  }

  /** The report of a prefetch for which nothing was requested. */
  async #kept(url: string): Promise<Report> {
    const expires = await this.#store.freshUntil(url);
    return { action: 'report', event: 'kept', url, expires, isUsed: this.#store.isUsed(url) };
  }

  /** Stores a response if allowed, and lets others join the flight that brought it. */
  #take(
    request: Request,
    response: Response,
    clientId: string,
    era: number,
    flight: Flight,
    report: (report: Report) => unknown,
  ): Promise<void> {
    const href = request.url;
    const isForAll = matchesVary(request, response);
    const incoming = { href, key: this.#key(href), response, clientId, era, isForAll };
    const verdict = this.#intake.judge(incoming);
    flight.arrive(flight.isPrefetch && 'seconds' in verdict ? response.clone() : undefined);
    return this.#intake.take(incoming, verdict, report);
  }
}
