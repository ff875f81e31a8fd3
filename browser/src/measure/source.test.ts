import { expect, test, vi } from 'vitest';
import { browserFamily, isLaterInVisit, navigationOf, sourceOf } from './source.js';

function navigated(entry: object, referrer = ''): void {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([entry] as never);
  vi.stubGlobal('document', { referrer });
  vi.stubGlobal('location', { origin: 'https://shop.example' });
}

test.each([
  [{ deliveryType: '' }, undefined, false, 'network'],
  [{ deliveryType: 'cache' }, undefined, false, 'http-cache'],
  [{ deliveryType: 'cache' }, undefined, true, 'http-prefetch'],
  [{ deliveryType: 'cache-storage' }, undefined, false, 'store'],
  [{ deliveryType: '' }, 'hit', false, 'store'],
  [{ deliveryType: 'navigational-prefetch' }, 'hit', false, 'speculation'],
  [{ deliveryType: 'navigational-prefetch', activationStart: 9 }, undefined, false, 'prerender'],
  [{ transferSize: 0, decodedBodySize: 9 }, undefined, false, 'http-cache'],
  [{ transferSize: 300, decodedBodySize: 9 }, undefined, false, 'network'],
] as const)('%j with the state %s comes from: %s %s', (entry, state, isPrefetched, source) => {
  navigated(entry);
  expect(sourceOf(state, isPrefetched)).toBe(source);
});

test.each([
  ['navigate', 'https://shop.example/', 'click'],
  ['navigate', 'https://shop.example.org/', 'arrival'],
  ['navigate', '', 'arrival'],
  ['reload', 'https://shop.example/', 'reload'],
  ['back_forward', '', 'back-forward'],
] as const)('%s from "%s" is: %s', (type, referrer, expected) => {
  navigated({ type }, referrer);
  expect(navigationOf(false)).toBe(expected);
});

test('a later page of a visit is a click, whatever the browser says of the referrer', () => {
  navigated({ type: 'navigate' });
  vi.stubGlobal('sessionStorage', {});
  const first = navigationOf(isLaterInVisit());
  expect([first, navigationOf(isLaterInVisit())]).toEqual(['arrival', 'click']);
  vi.useFakeTimers({ now: Date.now() + 1_800_001 });
  expect(navigationOf(isLaterInVisit())).toBe('arrival');
  vi.useRealTimers();
  vi.stubGlobal('sessionStorage', undefined);
  expect(isLaterInVisit()).toBe(false);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'firefox'],
  ['Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', 'chromium'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.0 Safari/605.1.15', 'safari'],
  ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile Safari/604.1', 'safari'],
  ['Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/153.0 Safari/605.1.15', 'safari'],
  ['curl/8', 'other'],
])('%s is of the family %s', (agent, family) => {
  expect(browserFamily(agent)).toBe(family);
});
