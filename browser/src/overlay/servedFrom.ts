import type { PrefetchEventName } from '../core/pageTypes.js';

type Delivery = PerformanceEntry & { deliveryType?: string; activationStart?: number };

/** Where this page itself came from, in words. */
export function servedFrom(states: ReadonlyMap<string, PrefetchEventName>): string {
  const [navigation] = performance.getEntriesByType('navigation') as Delivery[];
  if (navigation?.activationStart) return "the browser's prerender";
  if (navigation?.deliveryType === 'navigational-prefetch') return "the browser's prefetch";
  if (states.get(location.href.replace(/#.*/s, '')) === 'hit') return "the worker's store";
  return navigation?.deliveryType === 'cache' ? 'the HTTP cache' : 'the network';
}
