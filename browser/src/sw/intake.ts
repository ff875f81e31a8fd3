import { maxAgeParameter, prefetchParameter } from '../core/names.js';
import type { Report } from '../core/protocol.js';
import { judge, type Verdict } from './judge.js';
import { askPage, prefetchOn } from './pages.js';
import type { Store } from './store.js';
import type { PrefetcherPlugin } from './types.js';

/** Options for storing. */
export interface IntakeConfig {
  plugins: PrefetcherPlugin[];
  defaultMaxAgeSeconds: number;
  subtractAge: boolean;
}

/** A response that came from the network. */
export interface Incoming {
  /** URL that was requested, with our parameters. */
  href: string;
  /** Key of the store. */
  key: string;
  response: Response;
  /** Page that requested it; empty for a navigation. */
  clientId: string;
  /** The store's era when the request was made. */
  era: number;
  /** Whether it answers later requests of its URL too, whatever their headers. */
  isForAll: boolean;
  /** Seconds to store what is no prefetch and says nothing itself. */
  patternSeconds: number | undefined;
}

/** Whether a URL says of itself that it is a prefetch. */
export const isPrefetch = (href: string): boolean => new URL(href).searchParams.has(prefetchParameter);

/** Stores what comes from the network and may be stored, and shows prefetches to the plugins. */
export class Intake {
  readonly #config: IntakeConfig;
  readonly #store: Store;

  constructor(config: IntakeConfig, store: Store) {
    this.#config = config;
    this.#store = store;
  }

  /**
   * Stores a response if allowed, reports the outcome of a prefetch, and then calls the plugins.
   *
   * Resolves when all of that is done; never rejects for what a response, the store or a plugin does.
   */
  async take(incoming: Incoming, report: (report: Report) => unknown): Promise<void> {
    const { href, key, response, era } = incoming;
    // The body must be copied before anyone reads it, so nothing is awaited up to here.
    const verdict = this.#judge(incoming);
    const copy = 'seconds' in verdict ? response.clone() : undefined;
    const plugins = copy && isPrefetch(href) ? this.#config.plugins : [];
    const shown = plugins.map((plugin) => ({ plugin, response: response.clone() }));

    let outcome: Pick<Report, 'event' | 'reason' | 'expires'>;
    try {
      await this.#obeyClearSiteData(response);
      outcome =
        copy && 'seconds' in verdict
          ? { event: 'prefetch', expires: await this.#store.put(key, copy, verdict.seconds, era) }
          : { event: 'refused', reason: 'refused' in verdict ? verdict.refused : undefined };
    } catch (error) {
      outcome = { event: 'refused', reason: String(error) };
    }
    if (!isPrefetch(href)) return;
    this.#store.count(outcome.event === 'prefetch' ? 'prefetched' : 'refused');
    await report({ action: 'report', url: key, status: response.status, ...outcome });
    for (const { plugin, response } of shown) {
      if (outcome.event === 'prefetch') await this.#show(plugin, incoming, response);
      else void response.body?.cancel();
    }
  }

  #judge({ href, response, patternSeconds, isForAll }: Incoming): Verdict {
    if (!isForAll) return { refused: 'varies' };
    return judge(response, {
      requested: Number(new URL(href).searchParams.get(maxAgeParameter) ?? Number.NaN),
      fallback: patternSeconds ?? (isPrefetch(href) ? this.#config.defaultMaxAgeSeconds : 0),
      subtractAge: this.#config.subtractAge,
    });
  }

  async #obeyClearSiteData({ headers }: Response): Promise<void> {
    const types = headers.get('clear-site-data') ?? '';
    if (/"(cache|storage|prefetchCache|\*)"/.test(types)) await this.#store.clear();
  }

  async #show(plugin: PrefetcherPlugin, { key, clientId }: Incoming, response: Response): Promise<void> {
    try {
      await plugin.prefetched({
        url: key,
        response,
        clientId,
        prefetch: prefetchOn(clientId),
        askPage: (message) => askPage(message, clientId),
      });
    } catch (error) {
      console.error(`prefetch: a plugin failed for ${key}:`, error);
    }
  }
}
