import { maxAgeParameter, prefetchParameter } from '../core/names.js';
import type { Report } from '../core/protocol.js';
import { judge, type Verdict } from './judge.js';
import type { Store } from './store.js';

/** What a site can add to the ready-made worker. */
export interface Hooks {
  /** The store's key of a URL. Default: the URL without our own parameters. */
  keyOf?: (href: string) => string;
  /** Whether a request passes untouched. */
  skips?: (request: Request) => boolean;
  /** Whether it is known that no rule makes a URL prefetchable. */
  hasNoRule?: (href: string) => boolean;
  /** Seconds that a response has spent elsewhere and that count against its seconds in the store. */
  ageOf?: (headers: Headers) => number;
  /** Seconds for which what is not a prefetch is stored when nothing else says; undefined for not at all. */
  secondsOf?: (key: string) => number | undefined;
  /** Called with a prefetch before its body is read; what it returns is called when that was stored, or not. */
  prepare?: ((incoming: Incoming) => (isStored: boolean) => Promise<void>) | undefined;
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
}

/** Whether a URL says of itself that it is a prefetch. */
export const isPrefetch = (href: string): boolean => new URL(href).searchParams.has(prefetchParameter);

/** Stores what comes from the network and may be stored, and passes prefetches on to the hooks. */
export class Intake {
  readonly #defaultSeconds: number;
  readonly #store: Store;
  readonly #hooks: Hooks;

  /** @param defaultSeconds Seconds to store a prefetch that says nothing itself. */
  constructor(store: Store, hooks: Hooks, defaultSeconds: number) {
    this.#defaultSeconds = defaultSeconds;
    this.#store = store;
    this.#hooks = hooks;
  }

  /**
   * Stores a response if allowed, reports the outcome of a prefetch, and then calls the hook.
   *
   * Resolves when all of that is done; never rejects for what a response or the store does.
   */
  async take(incoming: Incoming, verdict: Verdict, report: (report: Report) => unknown): Promise<void> {
    const { href, key, response, era } = incoming;
    // The body must be copied before anyone reads it, so nothing is awaited up to here.
    const copy = 'seconds' in verdict ? response.clone() : undefined;
    const finish = copy && isPrefetch(href) ? this.#hooks.prepare?.(incoming) : undefined;

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
    await finish?.(outcome.event === 'prefetch');
  }

  /** Whether a response may be stored, and for how long. */
  judge({ href, key, response, isForAll }: Incoming): Verdict {
    if (!isForAll) return { refused: `varies by ${response.headers.get('vary')}` };
    return judge(response, {
      requested: Number(new URL(href).searchParams.get(maxAgeParameter) ?? Number.NaN),
      fallback: this.#hooks.secondsOf?.(key) ?? (isPrefetch(href) ? this.#defaultSeconds : 0),
      age: this.#hooks.ageOf?.(response.headers) ?? 0,
    });
  }

  async #obeyClearSiteData({ headers }: Response): Promise<void> {
    const types = headers.get('clear-site-data') ?? '';
    if (/"(cache|storage|prefetchCache|\*)"/.test(types)) await this.#store.clear();
  }
}
