import { vi } from 'vitest';
import type { Delivery, ToWorker } from '../core/protocol.js';
import { FakeCaches } from './fakeCaches.js';

export const ORIGIN = 'https://shop.example';

/** What the network answers for a path and query; a function may look at the request. */
export type Answers = Record<string, Response | ((request: Request) => Response | Promise<Response>)>;

interface FakeRequestInit extends RequestInit {
  destination?: string;
  resultingClientId?: string;
  preloaded?: Response;
}

interface Posted {
  page: string;
  message: Record<string, unknown>;
}

/** A service worker's global scope in memory, with one open page whose id is `page`. */
export class FakeWorker {
  readonly caches = new FakeCaches();
  /** Addresses that reached the network, in order. */
  readonly requested: string[] = [];
  /** Messages that pages were sent. */
  readonly posted: Posted[] = [];
  answers: Answers;
  readonly #listeners = new Map<string, ((event: unknown) => void)[]>();
  /** Node no longer aborts a request that was garbage-collected; browsers hold it as long as it is under way. */
  readonly #sent: Request[] = [];

  constructor(answers: Answers = {}) {
    this.answers = answers;
    const page = {
      id: 'page',
      postMessage: (message: Record<string, unknown>) => this.posted.push({ page: 'page', message }),
    };
    vi.stubGlobal('location', { origin: ORIGIN, pathname: '/__edgio__service_worker_v0.1.0.js' });
    vi.stubGlobal('caches', this.caches);
    vi.stubGlobal('clients', {
      get: async (id: string) => (id === 'page' ? page : undefined),
      matchAll: async () => [page],
    });
    vi.stubGlobal('addEventListener', (type: string, listener: (event: unknown) => void) => {
      this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
    });
    vi.stubGlobal('fetch', (input: Request | string, init?: RequestInit) =>
      this.#network(new Request(input, init)),
    );
  }

  /** How many listeners there are for an event. */
  listeners(type: string): number {
    return this.#listeners.get(type)?.length ?? 0;
  }

  /** Sends a request through the worker and waits for its work; undefined if the worker lets it pass. */
  async fetch(target: string, init?: FakeRequestInit): Promise<Response | undefined> {
    const work: Promise<unknown>[] = [];
    const response = await this.respond(target, init, work);
    await Promise.all(work);
    return response;
  }

  /** Sends a request through the worker; its work, which it does not wait for, is added to a list. */
  async respond(
    target: string,
    { destination = '', resultingClientId = '', preloaded, ...init }: FakeRequestInit = {},
    work: Promise<unknown>[] = [],
  ): Promise<Response | undefined> {
    const request = new Request(new URL(target, ORIGIN), init);
    Object.defineProperty(request, 'destination', { value: destination });
    let answer: Promise<Response> | undefined;
    this.#dispatch('fetch', {
      request,
      clientId: resultingClientId ? '' : 'page',
      resultingClientId,
      preloadResponse: Promise.resolve(preloaded),
      respondWith: (response: Promise<Response>) => {
        answer = response;
      },
      waitUntil: (promise: Promise<unknown>) => work.push(promise),
    });
    return answer;
  }

  /** Sends a prefetch through the worker; resolves with the reports to the page. */
  async prefetch(target: string, parameters = ''): Promise<Record<string, unknown> | undefined> {
    const mark = `edgio_dt_pf=1&edgio_prefetch=1${parameters}`;
    await this.fetch(`${target}${target.includes('?') ? '&' : '?'}${mark}`);
    return this.posted
      .filter(({ message }) => message.action === 'report' && message.event !== 'wasted')
      .pop()?.message;
  }

  /** Sends a message of a page and resolves with the answer, when all is done; `onAnswer` is called with it at once. `delivery` is what it hands over. */
  async send(
    data: ToWorker | unknown,
    source = 'page',
    onAnswer = (): void => undefined,
    delivery?: Promise<Delivery>,
  ): Promise<unknown> {
    let answer: unknown;
    const work: Promise<unknown>[] = [];
    this.#dispatch('message', {
      data: { ...(data as object), id: 1 },
      source: {
        id: source,
        postMessage: ({ content }: { content: unknown }) => {
          answer = content;
          onAnswer();
        },
      },
      ports: [
        {
          set onmessage(hear: (event: { data: unknown }) => void) {
            void delivery?.then((content) => hear({ data: content }));
          },
        },
      ],
      waitUntil: (promise: Promise<unknown>) => work.push(promise),
    });
    await Promise.all(work);
    return answer;
  }

  /** Brings the worker into the state "installed". */
  install(members: object = {}): Promise<void> {
    return this.#last('install', members);
  }

  /** Activates the worker. */
  activate(): Promise<void> {
    return this.#last('activate');
  }

  async #last(type: string, members: object = {}): Promise<void> {
    const work: Promise<unknown>[] = [];
    this.#dispatch(type, { ...members, waitUntil: (promise: Promise<unknown>) => work.push(promise) });
    await Promise.all(work);
  }

  #dispatch(type: string, event: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event);
  }

  async #network(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    this.#sent.push(request);
    this.requested.push(`${request.method} ${pathname}${search}`);
    const plain = search.replace(/[?&]edgio_\w+=[^&]*/g, '').replace(/^&/, '?');
    const answer = this.answers[pathname + plain];
    if (!answer) throw new TypeError('offline');
    return typeof answer === 'function' ? answer(request) : answer.clone();
  }
}
