import type { MeasuredView, PrefetchEventName } from '../core/pageTypes.js';

type Navigation = PerformanceNavigationTiming & { deliveryType?: string; activationStart?: number };

/** The entry of this page's navigation. */
export const navigationEntry = (): Navigation | undefined =>
  performance.getEntriesByType('navigation')[0] as Navigation | undefined;

/**
 * Where this page came from.
 *
 * @param state What the worker has said of this page.
 * @param isPrefetched Whether one of our prefetches of it was not used before.
 */
export function sourceOf(
  state: PrefetchEventName | undefined,
  isPrefetched: boolean,
): MeasuredView['source'] {
  const { deliveryType, activationStart, transferSize, decodedBodySize } = navigationEntry() ?? {};
  if (activationStart) return 'prerender';
  if (deliveryType === 'navigational-prefetch') return 'speculation';
  if (deliveryType === 'cache-storage' || state === 'hit') return 'store';
  // Browsers without the property say that nothing was transferred, though there is a body.
  const isCached =
    deliveryType === 'cache' || (deliveryType === undefined && transferSize === 0 && !!decodedBodySize);
  if (isCached) return isPrefetched ? 'http-prefetch' : 'http-cache';
  return 'network';
}

/** What led to this page. */
export function navigationOf(): MeasuredView['navigation'] {
  const type = navigationEntry()?.type;
  if (type === 'reload') return 'reload';
  if (type === 'back_forward') return 'back-forward';
  return document.referrer.startsWith(`${location.origin}/`) ? 'click' : 'arrival';
}

/** The family of this browser. */
export function browserFamily(agent = navigator.userAgent): MeasuredView['browser'] {
  if (/firefox|fxios/i.test(agent)) return /fxios/i.test(agent) ? 'safari' : 'firefox';
  // On iOS all are Safari within.
  if (/crios|edgios/i.test(agent)) return 'safari';
  if (/chrom(e|ium)/i.test(agent)) return 'chromium';
  return /safari/i.test(agent) ? 'safari' : 'other';
}
