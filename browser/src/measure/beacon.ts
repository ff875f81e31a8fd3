/** A measured view as a request without a body: any server's access log keeps it. */
import type { MeasuredView } from '../core/pageTypes.js';

/** Longer addresses do not get through everywhere. */
const MOST_CHARACTERS = 2000;

/** The parameters of a beacon; `prefetchrouter report` reads them. */
export function beaconQuery(view: MeasuredView): string {
  const { group, share, browser, source, navigation, rule, ttfb, lcp, inp, rules } = view;
  const query = new URLSearchParams({
    edgio_view: '1',
    group,
    share: `${share}`,
    browser,
    source,
    navigation,
  });
  query.set('rule', rule);
  for (const [name, value] of Object.entries({ ttfb, lcp, inp })) {
    if (value !== undefined) query.set(name, `${Math.round(value)}`);
  }
  for (const { rule: of, prefetched, used, refused } of rules) {
    const before = `${query}`;
    query.append('by', `${prefetched} ${used} ${refused} ${of}`);
    if (`${query}`.length > MOST_CHARACTERS) return before;
  }
  return `${query}`;
}

type To = string | ((view: MeasuredView) => void);

const addressOf = (to: string, view: MeasuredView): string =>
  `${to}${to.includes('?') ? '&' : '?'}${beaconQuery(view)}`;

type FetchLater = (address: string, init: RequestInit) => { activated: boolean };

/**
 * Sends the last view that it is given, once: when the page ends.
 *
 * The browser does it where it can, even for a page that crashes; else the page when it is hidden.
 */
export class Sender {
  readonly #to: To;
  #planned: AbortController | undefined;
  #result: { activated: boolean } | undefined;
  #isSent = false;

  /** @param to The address that gets it, or what is called with it. */
  constructor(to: To) {
    this.#to = to;
  }

  /** Whether the browser sends it; else call `send` when the page is hidden. */
  plan(view: MeasuredView): boolean {
    const { fetchLater } = globalThis as { fetchLater?: FetchLater };
    if (typeof this.#to !== 'string' || !fetchLater || this.#isSent) return false;
    if (this.#result?.activated) return true;
    const next = new AbortController();
    try {
      this.#planned?.abort();
      this.#result = fetchLater(addressOf(this.#to, view), { method: 'POST', signal: next.signal });
      this.#planned = next;
      return true;
    } catch {
      // A policy of the page, or its quota.
      return false;
    }
  }

  send(view: MeasuredView): void {
    if (this.#isSent) return;
    this.#isSent = true;
    if (typeof this.#to === 'string') navigator.sendBeacon(addressOf(this.#to, view));
    else this.#to(view);
  }
}
