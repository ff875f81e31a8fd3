import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNextDataURL, type NextDataURLParams } from './index.js';

beforeEach(() => {
  vi.stubGlobal('__NEXT_DATA__', { buildId: 'BUILD' });
  vi.stubGlobal('location', new URL('https://shop.example/en-US/start'));
});
afterEach(() => vi.unstubAllGlobals());

describe('the data URL of', () => {
  it.each<[NextDataURLParams, string]>([
    [{ href: '/products/1', routeParams: { productId: '1' } }, '/products/1.json?productId=1'],
    [{ href: '/products/1' }, '/products/1.json'],
    [{ href: '/' }, '/index.json'],
    [{ href: '/shop/', locale: 'fr' }, '/fr/shop/index.json'],
    [{ href: '/s/a b', routeParams: { q: 'a b&c' } }, '/s/a b.json?q=a%20b%26c'],
  ])('%j is as the reference makes it', (params, expected) => {
    expect(createNextDataURL(params)).toBe(`/_next/data/BUILD${expected}`);
  });

  it.each<[NextDataURLParams, string]>([
    [{ href: '/s/x?page=2', routeParams: { id: 'x' } }, '/s/x.json?page=2&id=x'],
    [{ href: '/s/x#top' }, '/s/x.json'],
    [{ href: '/s/x?#top' }, '/s/x.json'],
    [{ href: '?page=2' }, '/en-US/start.json?page=2'],
    [{ href: 'next?q=1' }, '/en-US/next.json?q=1'],
    [{ href: 'https://shop.example/p/1?q=1' }, '/p/1.json?q=1'],
    [{ href: '//shop.example/p/1' }, '/p/1.json'],
    [{ href: 'https://shop.example' }, '/index.json'],
    [{ href: '/docs/a/b', routeParams: { slug: ['a', 'b'] } }, '/docs/a/b.json?slug=a&slug=b'],
    [{ href: '/p/1', routeParams: { id: undefined } }, '/p/1.json'],
    [{ href: '/p/1', routeParams: { 'a&b': 1 } }, '/p/1.json?a%26b=1'],
    [{ href: '/en-US/p/1', locale: 'en-US' }, '/en-US/p/1.json'],
    [{ href: '/en-USA/p/1', locale: 'en-US' }, '/en-US/en-USA/p/1.json'],
    [{ href: '/', locale: 'fr' }, '/fr.json'],
    [{ href: '/fr', locale: 'fr' }, '/fr.json'],
  ])('%j is what Next asks for (fault 18)', (params, expected) => {
    expect(createNextDataURL(params)).toBe(`/_next/data/BUILD${expected}`);
  });
});

it.each([
  ['/p/1', '/_next/data/BUILD/fr/p/1.json'],
  ['/en/p/1', '/_next/data/BUILD/en/p/1.json'],
])("without a locale, %s is of this page's one unless it has one itself", (href, expected) => {
  const data = { buildId: 'BUILD', locale: 'fr', locales: ['en', 'fr'], defaultLocale: 'en' };
  vi.stubGlobal('__NEXT_DATA__', data);
  expect(createNextDataURL({ href })).toBe(expected);
});

it.each(['https://other.example/p/1', '//other.example/p/1', 'mailto:a@b.example', 'http://'])(
  'has no URL for %s, which is not of this site',
  (href) => {
    expect(createNextDataURL({ href })).toBeUndefined();
  },
);

it('has no URL on a page that Next did not make', () => {
  vi.stubGlobal('__NEXT_DATA__', undefined);
  expect(createNextDataURL({ href: '/p/1' })).toBeUndefined();
});

it.each(['#top', '?page=2', 'relative', ''])('has no URL on the server, and no error, for "%s"', (href) => {
  vi.stubGlobal('__NEXT_DATA__', undefined);
  vi.stubGlobal('location', undefined);
  expect(createNextDataURL({ href })).toBeUndefined();
});
