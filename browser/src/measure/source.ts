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

/** After this long without a page of the site in the tab, the next one is the first of another visit. */
const VISIT_MILLISECONDS = 1_800_000;

/** Whether this tab has shown a page of the site shortly before; from now on it has. */
export function isLaterInVisit(): boolean {
  try {
    const last = Number(sessionStorage.edgio_seen);
    sessionStorage.edgio_seen = Date.now();
    return Date.now() - last < VISIT_MILLISECONDS;
  } catch {
    return false;
  }
}

/**
 * What led to this page.
 *
 * @param isLater Whether the tab has shown a page of the site before: Firefox names no referrer for pages that a service
 *   worker answers, and others must not be counted differently.
 */
export function navigationOf(isLater: boolean): MeasuredView['navigation'] {
  const type = navigationEntry()?.type;
  if (type === 'reload') return 'reload';
  if (type === 'back_forward') return 'back-forward';
  return isLater || document.referrer.startsWith(`${location.origin}/`) ? 'click' : 'arrival';
}

/** The family of this browser. */
export function browserFamily(agent = navigator.userAgent): MeasuredView['browser'] {
  if (/firefox|fxios/i.test(agent)) return /fxios/i.test(agent) ? 'safari' : 'firefox';
  // On iOS all are Safari within.
  if (/crios|edgios/i.test(agent)) return 'safari';
  if (/chrom(e|ium)/i.test(agent)) return 'chromium';
  return /safari/i.test(agent) ? 'safari' : 'other';
}
