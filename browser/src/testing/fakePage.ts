import { onTestFinished, vi } from 'vitest';
import type { Delivery, Numbered, Report, ToPage, ToWorker } from '../core/protocol.js';
import { storeKey } from '../core/storeKey.js';

/** What happens to a request: a report of the worker, the end of the request, or nothing at all. */
export type Outcome = (Pick<Report, 'event'> & Partial<Report>) | 'load' | 'error' | 'nothing';

export interface FakePageOptions {
  url?: string;
  /** False: the browser has no service workers here. */
  hasWorkers?: boolean;
  /** False: the page was reloaded past its worker. */
  isControlled?: boolean;
  /** False: no worker was ever registered. */
  isRegistered?: boolean;
  /** False: the browser is one without `<link rel=prefetch>`. */
  hasLinkPrefetch?: boolean;
}

/** A fake page: its service worker, and the responses to its requests. Import it before the modules under test. */
export class FakePage {
  /** URLs that were requested, by the worker, by the page or by a link. */
  readonly hrefs: string[] = [];
  /** Attributes of the prefetch links that were added. */
  readonly links: Record<string, string | null>[] = [];
  /** Messages that the worker was sent. */
  readonly sent: ToWorker[] = [];
  /** What the page has handed over. */
  readonly delivered: Delivery[] = [];
  /** The numbers of the messages to the worker. */
  readonly ids: number[] = [];
  readonly register = vi.fn(async (_path: string, _options?: unknown) => this.registration);
  readonly registration = Object.assign(new EventTarget(), {
    active: null as unknown,
    waiting: null as { state: string } | null,
    installing: null as (EventTarget & { state: string }) | null,
  });
  readonly #container: EventTarget & { controller: unknown };
  outcome: (href: string) => Outcome = () => ({ event: 'prefetch', status: 200 });
  /** False: the worker is not one of ours. */
  isOurs = true;
  /** The worker's answer to a message, where it is not the usual one. */
  answer: (message: ToWorker) => unknown = () => undefined;

  constructor(options: FakePageOptions = {}) {
    const { url = 'https://shop.example/blog/', hasWorkers = true, hasLinkPrefetch = true } = options;
    const { isControlled = true, isRegistered = true } = options;
    vi.resetModules();
    sessionStorage.clear();
    // What this page would save a little later must not come into the storage of the next one.
    onTestFinished(async () => (await import('../window/missMemory.js')).saveMisses());
    document.head.innerHTML = '';
    document.body.innerHTML = '';
    (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(url);

    const worker = {
      postMessage: (message: Numbered, ports?: MessagePort[]) => this.#receive(message, ports),
    };
    if (isRegistered) this.registration.active = worker;
    this.#container = Object.assign(new EventTarget(), {
      controller: isControlled ? worker : null,
      ready: isRegistered ? Promise.resolve(this.registration) : new Promise<never>(() => undefined),
      register: this.register,
      getRegistration: async () => (isRegistered ? this.registration : undefined),
      startMessages: vi.fn(),
    });
    Object.defineProperty(navigator, 'serviceWorker', {
      value: hasWorkers ? this.#container : undefined,
      configurable: true,
    });
    vi.spyOn(HTMLLinkElement.prototype, 'relList', 'get').mockReturnValue({
      supports: () => hasLinkPrefetch,
    } as unknown as DOMTokenList);
    vi.spyOn(document.head, 'append').mockImplementation((element) => this.#appended(element as HTMLElement));
    vi.stubGlobal('fetch', async (href: string) => {
      const outcome = this.#run(href);
      if (outcome === 'error') throw new TypeError('failed');
      return new Response('body', { status: typeof outcome === 'object' ? (outcome.status ?? 200) : 200 });
    });
  }

  /** The prefetches that the worker was asked for. */
  get prefetches(): ToWorker[] {
    return this.sent.filter(({ action }) => action === 'fetch-into-store');
  }

  /** Sends the page a message of its worker. */
  tell(message: ToPage | unknown, ports: unknown[] = []): void {
    this.#container.dispatchEvent(Object.assign(new Event('message'), { data: message, ports }));
  }

  /** Prefetch links end as `outcome` says; scripts, which no test loads, fail. */
  #appended(element: HTMLElement): void {
    if (!(element instanceof HTMLLinkElement)) {
      queueMicrotask(() => element.onerror?.('not loaded'));
      return;
    }
    this.links.push(Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])));
    const outcome = this.#run(element.getAttribute('href') ?? '');
    if (outcome === 'error') queueMicrotask(() => element.onerror?.('error'));
    if (outcome === 'load') queueMicrotask(() => element.onload?.(new Event('load')));
  }

  #run(href: string): Outcome {
    this.hrefs.push(href);
    return this.outcome(href);
  }

  #receive({ id, ...message }: Numbered, [delivery]: MessagePort[] = []): void {
    if (delivery) delivery.onmessage = ({ data }) => this.delivered.push(data);
    this.sent.push(message);
    this.ids.push(id);
    const answer = this.answer(message) ?? (this.isOurs ? this.#usual(message) : undefined);
    if (answer !== undefined) this.tell({ action: 'answer', id, content: answer });
  }

  #usual(message: ToWorker): unknown {
    if (message.action === 'get-stats') return { stats: {}, servedFromStore: false };
    if (message.action === 'clear') return true;
    if (message.action === 'make-way') return undefined;
    const outcome = message.isSent ? this.outcome(message.url) : this.#run(message.url);
    if (outcome === 'nothing') return undefined;
    const report =
      typeof outcome === 'object' ? outcome : { event: outcome === 'error' ? 'refused' : 'prefetch' };
    return { action: 'report', url: storeKey(message.url, location.origin), ...report };
  }
}
