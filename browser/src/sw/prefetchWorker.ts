import type { Numbered, StatsAnswer, ToPage } from '../core/protocol.js';
import { type Hooks, Intake } from './intake.js';
import { post } from './pages.js';
import { Responder } from './responder.js';
import { scope, type WorkerMessageEvent } from './scope.js';
import { Store } from './store.js';

/** Options of a worker. */
export interface WorkerConfig {
  defaultMaxAgeSeconds: number;
  maxEntries: number;
  maxBytes: number;
}

const DEFAULTS: WorkerConfig = { defaultMaxAgeSeconds: 120, maxEntries: 200, maxBytes: 30_000_000 };

/**
 * What a service worker does for prefetching: all of the ready-made one, and the part of `Prefetcher` that needs no
 * code of the site.
 */
export class PrefetchWorker {
  readonly #store: Store;
  readonly #responder: Responder;
  #isRouted = false;

  constructor(given: Partial<WorkerConfig> = {}, hooks: Hooks = {}) {
    const config = { ...DEFAULTS, ...given };
    const onDropped = (url?: string, isWasted?: boolean): void => {
      void post({ action: 'dropped', url });
      if (url && isWasted) void post({ action: 'report', event: 'wasted', url });
    };
    this.#store = new Store({ ...config, onDropped });
    const intake = new Intake(this.#store, hooks, config.defaultMaxAgeSeconds);
    this.#responder = new Responder(this.#store, intake, hooks);
  }

  /** Starts to answer requests and messages. A second call does nothing. */
  route(): void {
    if (this.#isRouted) return;
    this.#isRouted = true;
    scope.addEventListener('fetch', (event) => {
      if (this.#responder.isOurs(event.request)) event.respondWith(this.#responder.answer(event));
      else this.#responder.watchSession(event);
    });
    scope.addEventListener('message', (event) => event.waitUntil(this.#obey(event)));
    scope.addEventListener('activate', (event) => event.waitUntil(this.#store.deleteOthers()));
  }

  async #obey({ data, source, ports }: WorkerMessageEvent): Promise<void> {
    const message = data as Numbered | null;
    const clientId = source?.id ?? '';
    const answer = (content: unknown): void => {
      if (message?.id) source?.postMessage({ action: 'answer', id: message.id, content } satisfies ToPage);
    };
    try {
      if (message?.action === 'get-stats') {
        const servedFromStore = this.#responder.servedPages.has(clientId);
        answer({ stats: await this.#store.stats(), servedFromStore } satisfies StatsAnswer);
      } else if (message?.action === 'clear') {
        await this.#store.clear();
        answer(true);
      } else if (message?.action === 'make-way') {
        this.#responder.makeWay(message.url);
      } else if (message?.action === 'fetch-into-store') {
        await this.#responder.prefetch(message, clientId, answer, message.isSent ? ports[0] : undefined);
      }
    } catch (error) {
      answer({ action: 'report', event: 'refused', url: '', reason: String(error) });
    }
  }
}
