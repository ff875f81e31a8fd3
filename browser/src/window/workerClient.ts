/** The page's side of the service worker; a separate file, loaded when a worker is used. */
import { after } from '../core/after.js';
import type { Options, PrefetchEventDetail, PrefetchEventName } from '../core/pageTypes.js';
import type { Delivery, Numbered, Report, StatsAnswer, ToPage, ToWorker } from '../core/protocol.js';
import type { Prefetch, WorkerStats } from '../core/types.js';
import { activeWorker, watchRegistration } from './serviceWorker.js';
import type { Result, Sent, Wanted } from './wanted.js';

/** A worker that runs answers sooner, one that has to start a little later. */
const HELLO_MILLISECONDS = 3000;

type Navigation = PerformanceEntry & { deliveryType?: string };

/** What the client needs of the page: the served files share no modules. */
export interface ClientPage {
  options: Options;
  warn: (problem: string) => void;
  emit: (name: PrefetchEventName, detail: PrefetchEventDetail) => void;
  /** Forgets that a URL is fresh in the store; without one, that any is. */
  forgetFresh: (url?: string) => void;
  prefetch: Prefetch;
  /** Whether the page registers a worker. */
  isInstalled: () => boolean;
}

const NEVER = new Promise<never>(() => undefined);

const refusal = (reason: string): Result => ({ event: 'refused', reason });

const messageOf = ({ href, cors, init }: Wanted): Extract<ToWorker, { cors: unknown }> => {
  const { accept } = (init?.headers ?? {}) as { accept?: string };
  return { action: 'fetch-into-store', url: href, cors, accept };
};

/** Registers the worker, sends it messages, and passes on what it reports. */
export class WorkerClient {
  readonly #page: ClientPage;
  /** False when no worker could be registered. */
  #isComing = true;
  #hello: Promise<StatsAnswer | undefined> | undefined;
  /** What waits for an answer, by the number of its message. */
  readonly #waiting = new Map<number, (content: never) => void>();
  /** The number of the last one. Each copy of the script in a page hears all answers, so each begins elsewhere. */
  #lastId = Math.random();

  constructor(page: ClientPage) {
    this.#page = page;
    navigator.serviceWorker.addEventListener('message', (event) => this.#hear(event));
    navigator.serviceWorker.startMessages();
  }

  /** Waits for the worker that is being registered; failure is logged, not thrown. */
  async registered(registering: Parameters<typeof watchRegistration>[0]): Promise<void> {
    this.#isComing = await watchRegistration(registering, this.#page.options, this.#page.warn);
  }

  /** Counts this page as a hit when it came from the store or from a prefetch of the browser. */
  async countThisPage(): Promise<void> {
    const [entry] = performance.getEntriesByType('navigation') as Navigation[];
    const fromBrowser = entry?.deliveryType === 'navigational-prefetch';
    if (fromBrowser || (await this.#greet())?.servedFromStore) {
      this.#page.emit('hit', { url: location.href.replace(/#.*/s, '') });
    }
  }

  /** The worker that answers for this page: in control, or else active. Rejects without one. */
  async worker(): Promise<ServiceWorker> {
    const worker = await activeWorker(() => this.#isComing && this.#page.isInstalled());
    if (!worker) throw new Error('service worker not registered');
    return worker;
  }

  /** Totals of the worker since it was installed; undefined if no worker answers. */
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
  fetch(wanted: Wanted): Promise<Result | undefined> {
    return this.#send(messageOf(wanted));
  }

  /**
   * Lets the worker take over what the page has requested: a click waits for that instead of requesting it again.
   *
   * The worker gets the response when all of it is here; where the browser's cache takes it, it is at once requested
   * from there, as it comes.
   */
  take(wanted: Wanted, sent: Sent): Promise<Result | undefined> {
    const { port1, port2 } = new MessageChannel();
    const { signal } = sent.stop;
    const giveUp = (): void => port1.postMessage({ status: 0, headers: [] } satisfies Delivery);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const deliver = async (): Promise<Result> => {
      try {
        const { status, headers, redirected } = await sent.response;
        if (status !== 200 || redirected) {
          sent.stop.abort();
          return { event: 'refused', reason: redirected ? 'redirected' : `status ${status}`, status };
        }
        const isCached = /max-age=[1-9]/.test(headers.get('cache-control') ?? '');
        const body = isCached ? undefined : await sent.body;
        const delivery: Delivery = body ? { status, headers: [...headers], body } : null;
        port1.postMessage(delivery, body ? [body] : []);
      } catch {
        port1.postMessage(null);
      }
      return NEVER;
    };
    const taken = this.#send({ ...messageOf(wanted), isSent: true }, [port2]);
    void this.worker().then(
      () => {
        sent.isTaken = true;
      },
      () => undefined,
    );
    return Promise.race([taken, deliver()]);
  }

  async #send(message: ToWorker, transfer?: Transferable[]): Promise<Result | undefined> {
    const asked = this.#ask<Report>(message, transfer).catch((error) => refusal(String(error)));
    // A worker that is not one of ours does not answer.
    if (!(await this.#greet())) return undefined;
    const report = await asked;
    if (/quota/i.test(report?.reason ?? ''))
      this.#page.warn(`the storage of this browser is full, so nothing is stored: ${report?.reason}`);
    return report ?? refusal('no answer from the service worker');
  }

  /** Learns whether the worker is one of ours; a worker that comes later is checked again. */
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
    const worker = await this.worker().catch(() => undefined);
    if (!worker) return undefined;
    const id = ++this.#lastId;
    const answer = new Promise<Answer | undefined>((resolve) => this.#waiting.set(id, resolve));
    worker.postMessage({ ...message, id } satisfies Numbered, transfer);
    void after(milliseconds).then(() => this.#answered(id));
    return answer;
  }

  #answered(id: number, content?: unknown): void {
    this.#waiting.get(id)?.(content as never);
    this.#waiting.delete(id);
  }

  #hear({ data, ports }: MessageEvent<ToPage | null>): void {
    const { emit, forgetFresh, prefetch } = this.#page;
    if (data?.action === 'answer') this.#answered(data.id, data.content);
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
