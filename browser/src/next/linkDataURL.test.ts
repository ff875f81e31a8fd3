import { beforeEach, describe, expect, it, vi } from 'vitest';
import { linkDataURL } from './linkDataURL.js';

const PAGES = [
  '/',
  '/_app',
  '/about',
  '/products/new',
  '/products/[id]',
  '/docs/[[...slug]]',
  '/files/[...path]',
];

beforeEach(() => {
  vi.stubGlobal('__NEXT_DATA__', { buildId: 'B', locale: 'fr', locales: ['en', 'fr'], defaultLocale: 'en' });
  vi.stubGlobal('__BUILD_MANIFEST', { sortedPages: PAGES });
  vi.stubGlobal('location', new URL('https://shop.example/fr'));
});

describe('the data of a link in a page of Next is at', () => {
  it.each([
    ['/products/4', '/_next/data/B/en/products/4.json?id=4'],
    ['/fr/products/4?size=m', '/_next/data/B/fr/products/4.json?size=m&id=4'],
    ['/products/new', '/_next/data/B/en/products/new.json'],
    ['/', '/_next/data/B/en.json'],
    ['/fr', '/_next/data/B/fr.json'],
    ['/docs', '/_next/data/B/en/docs.json'],
    ['/docs/a/b', '/_next/data/B/en/docs/a/b.json?slug=a&slug=b'],
    ['/fr/files/a', '/_next/data/B/fr/files/a.json?path=a'],
    ['/products/a%2Fb', '/_next/data/B/en/products/a%2Fb.json?id=a%2Fb'],
    ['https://shop.example/about', '/_next/data/B/en/about.json'],
  ])('%s: %s', (href, expected) => {
    expect(linkDataURL(href)).toBe(expected);
  });
});

it.each(['/files', '/products', '/products/4/reviews', '/france', 'https://other.example/about'])(
  '%s is not a page of its router, and has none',
  (href) => {
    expect(linkDataURL(href)).toBeUndefined();
  },
);

it('a path that cannot be decoded is taken as it is', () => {
  expect(linkDataURL('/products/%E0%A4')).toBe('/_next/data/B/en/products/%E0%A4.json?id=%25E0%25A4');
});

it('without a list of pages there are no parameters', () => {
  vi.stubGlobal('__BUILD_MANIFEST', undefined);
  expect(linkDataURL('/products/4')).toBe('/_next/data/B/en/products/4.json');
});
