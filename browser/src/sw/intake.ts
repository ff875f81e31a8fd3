import { maxAgeParameter, prefetchParameter } from '../core/names.js';
import type { Report } from '../core/protocol.js';
import { judge, type Verdict } from './judge.js';
import { askPage, prefetchOn } from './pages.js';
import type { Store } from './store.js';
import type { PrefetcherPlugin } from './types.js';

/** What the intake is told about how to store. */
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
  /** Page that asked for it; empty for a navigation. */
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

  /** Resolves with what became of a prefetch, or undefined for any other response. Never rejects. */
  async take(incoming: Incoming): Promise<Report | undefined> {
    const { href, key, response } = incoming;
    // The body must be copied before anyone reads it, so nothing is awaited up to here.
    const verdict = this.#judge(incoming);
    const copy = 'seconds' in verdict ? response.clone() : undefined;

    let outcome: Pick<Report, 'event' | 'reason' | 'expires'>;
    try {
      await this.#obeyClearSiteData(response);
      outcome =
        copy && 'seconds' in verdict
          ? { event: 'prefetch', expires: await this.#put(incoming, copy, verdict.seconds) }
          : { event: 'refused', reason: 'refused' in verdict ? verdict.refused : undefined };
    } catch (error) {
      outcome = { event: 'refused', reason: String(error) };
    }
    if (!isPrefetch(href)) return undefined;
    this.#store.count(outcome.event === 'prefetch' ? 'prefetched' : 'refused');
    return { action: 'report', url: key, status: response.status, ...outcome };
  }

  #judge({ href, response, patternSeconds, isForAll }: Incoming): Verdict {
    if (!isForAll) return { refused: 'varies' };
    return judge(response, {
      asked: Number(new URL(href).searchParams.get(maxAgeParameter) ?? Number.NaN),
      fallback: patternSeconds ?? (isPrefetch(href) ? this.#config.defaultMaxAgeSeconds : 0),
      subtractAge: this.#config.subtractAge,
    });
  }

  async #obeyClearSiteData({ headers }: Response): Promise<void> {
    const types = headers.get('clear-site-data') ?? '';
    if (/"(cache|storage|prefetchCache|\*)"/.test(types)) await this.#store.clear();
  }

  async #put({ href, key, clientId, era }: Incoming, response: Response, seconds: number): Promise<number> {
    const plugins = isPrefetch(href) ? this.#config.plugins : [];
    const shown = plugins.map((plugin) => ({ plugin, response: response.clone() }));
    const expires = await this.#store.put(key, response, seconds, era).catch((error) => {
      for (const { response } of shown) void response.body?.cancel();
      throw error;
    });
    for (const { plugin, response } of shown) {
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
    return expires;
  }
}
