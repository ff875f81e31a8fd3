/** The page's side of the service worker; a separate file, loaded when a worker is used. */
import { after } from '../core/after.js';
import type { Options, PrefetchEventDetail, PrefetchEventName } from '../core/pageTypes.js';
import type { Report, StatsAnswer, ToPage, ToWorker } from '../core/protocol.js';
import type { Prefetch, WorkerStats } from '../core/types.js';
import { activeWorker, register } from './serviceWorker.js';
import type { Result, Wanted } from './wanted.js';

/** A worker that runs answers sooner, one that has to start a little later. */
const HELLO_MILLISECONDS = 3000;

type Delivery = PerformanceEntry & { deliveryType?: string };

/** What the client needs of the page: the served files share no modules. */
export interface ClientPage {
  options: Options;
  warn: (problem: string) => void;
  emit: (name: PrefetchEventName, detail: PrefetchEventDetail) => void;
  /** Forgets that a URL is fresh in the store; without one, that any is. */
  forgetFresh: (url?: string) => void;
  prefetch: Prefetch;
}

/** Registers the worker, sends it messages, and passes on what it reports. */
export class WorkerClient {
  readonly #page: ClientPage;
  #hello: Promise<StatsAnswer | undefined> | undefined;

  constructor(page: ClientPage) {
    this.#page = page;
    navigator.serviceWorker.addEventListener('message', (event) => this.#hear(event));
    navigator.serviceWorker.startMessages();
  }

  /** Registers the worker; failure is said, not thrown. */
  register(): Promise<void> {
    return register(this.#page.options, this.#page.warn);
  }

  /** Counts this page as a hit when it came from the store or from a prefetch of the browser. */
  async countThisPage(): Promise<void> {
    const [entry] = performance.getEntriesByType('navigation') as Delivery[];
    const fromBrowser = entry?.deliveryType === 'navigational-prefetch';
    if (fromBrowser || (await this.#greet())?.servedFromStore) {
      this.#page.emit('hit', { url: location.href.replace(/#.*/s, '') });
    }
  }

  /** The worker that answers for this page: in control, or else active. Rejects without one. */
  async worker(): Promise<ServiceWorker> {
    const worker = await activeWorker();
    if (!worker) throw new Error('service worker not supported or not registered');
    return worker;
  }

  /** Totals of the worker since it was installed; undefined when no worker answers. */
  async stats(): Promise<WorkerStats | undefined> {
    return (await this.#ask<StatsAnswer>({ action: 'get-stats' }))?.stats;
  }

  /** Empties the store; rejects if that fails. */
  async clear(): Promise<void> {
    const answer = await this.#ask<true | Report>({ action: 'clear' });
    if (answer !== true)
      throw new Error(`the store was not emptied: ${answer?.reason ?? 'no worker answered'}`);
  }

  /** Makes the worker fetch a URL into its store; undefined if it does not answer, or is not one of ours. */
  fetch({ href, cors, init }: Wanted): Promise<Result | undefined> {
    const { accept } = (init?.headers ?? {}) as { accept?: string };
    return this.#send({ action: 'fetch-into-store', url: href, cors, accept });
  }

  /** Hands over a response that the page has fetched; without one, the worker tries to. */
  async take(wanted: Wanted, response?: Response, body?: ArrayBuffer): Promise<Result | undefined> {
    if (!response || !body) return this.fetch(wanted);
    const { status, redirected, headers } = response;
    if (redirected) return { event: 'refused', reason: 'redirected', status };
    const { href: url } = wanted;
    return this.#send({ action: 'take-into-store', url, status, headers: [...headers], body }, [body]);
  }

  async #send(message: ToWorker, transfer?: Transferable[]): Promise<Result | undefined> {
    if (!(await this.#greet())) return undefined;
    const report = await this.#ask<Report>(message, transfer);
    if (/quota/i.test(report?.reason ?? ''))
      this.#page.warn(`the storage of this browser is full, so nothing is stored: ${report?.reason}`);
    return report ?? { event: 'refused', reason: 'no answer from the service worker' };
  }

  /** Learns whether the worker is one of ours; a worker that comes later is asked anew. */
  async #greet(): Promise<StatsAnswer | undefined> {
    this.#hello ??= this.#ask<StatsAnswer>({ action: 'get-stats' }, [], HELLO_MILLISECONDS);
    const answer = await this.#hello.catch(() => undefined);
    if (!answer) this.#hello = undefined;
    return answer;
  }

  async #ask<Answer>(
    message: ToWorker,
    transfer: Transferable[] = [],
    milliseconds = 30_000,
  ): Promise<Answer | undefined> {
    const worker = await activeWorker();
    if (!worker) return undefined;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<Answer>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    worker.postMessage(message, [port2, ...transfer]);
    return Promise.race([answer, after(milliseconds)]);
  }

  #hear({ data, ports }: MessageEvent<ToPage | null>): void {
    const { emit, forgetFresh, prefetch } = this.#page;
    if (data?.action === 'dropped') forgetFresh(data.url);
    if (data?.action === 'report' && (data.event === 'hit' || data.event === 'wasted')) {
      if (data.event === 'wasted') forgetFresh(data.url);
      emit(data.event, { url: data.url, reason: data.reason, status: data.status });
    }
    if (data?.action === 'prefetch') prefetch(data.url, data.as, data.options).catch(console.warn);
    if (data?.action === 'query-html') {
      import('./deepFetch.js')
        .then(({ queryHtml }) => ports[0]?.postMessage(queryHtml(data.query)))
        .catch(console.warn);
    }
  }
}
