import type { Counters, PrefetchEventDetail, PrefetchEventName } from '../core/pageTypes.js';

/**
 * Dispatches a `CustomEvent` named `prefetch`, `hit`, `refused` or `wasted` for what happens on this page, and a plain
 * `clear` when it asks to empty the store.
 */
export const events = new EventTarget();

/** This page's events so far. */
export const counters: Counters = { prefetch: 0, hit: 0, refused: 0, wasted: 0 };

/** The last event of each URL of this page, or what is known of it from pages before. */
export const states = new Map<string, PrefetchEventName>();

/** What was said with these events. */
export const details = new Map<string, PrefetchEventDetail>();

export function emit(name: PrefetchEventName, detail: PrefetchEventDetail): void {
  counters[name]++;
  states.set(detail.url, name);
  details.set(detail.url, detail);
  events.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Notes what is known of a URL from other pages; no event, because nothing happened here. */
export function recall(url: string, state: PrefetchEventName): void {
  if (states.get(url) !== 'hit') states.set(url, state);
}
