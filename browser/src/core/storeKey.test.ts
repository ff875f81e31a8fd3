import { describe, expect, test } from 'vitest';
import { storeKey } from './storeKey.js';

const ORIGIN = 'https://shop.example';
const key = (target: string): string => storeKey(ORIGIN + target, ORIGIN);

test('our own parameters are stripped', () => {
  expect(key('/p?edgio_dt_pf=1&edgio_prefetch=1&edgio_prefetch_ttl=30')).toBe(`${ORIGIN}/p`);
});

test('wherever they stand', () => {
  expect(key('/p?edgio_dt_pf=1&a=1&edgio_prefetch=1&b=2')).toBe(`${ORIGIN}/p?a=1&b=2`);
});

test('parameters that only begin like them stay', () => {
  expect(key('/p?edgio_prefetcher=1')).toBe(`${ORIGIN}/p?edgio_prefetcher=1`);
});

test('the stand-in of a body stays', () => {
  expect(key('/p?edgio_dt_pf=1&pref_edgio_method=post')).toBe(`${ORIGIN}/p?pref_edgio_method=post`);
});

test('a fragment goes', () => {
  expect(key('/p?a=1#top')).toBe(`${ORIGIN}/p?a=1`);
});

describe('fault 10b: nothing else is changed', () => {
  test.each([
    '/filter?color=red&color=blue',
    '/p?ids[]=1&ids[]=2',
    '/p?q=a%2526b',
    '/p?q=a%26b',
    '/p?flag',
    '/p?q=a+b',
    '/p?q=100%',
    '/p?a=2&a=1&b=3',
    '/p?b=1&a=2',
  ])('%s', (target) => {
    expect(key(target)).toBe(ORIGIN + target);
  });
});

test('a URL of cacheHost has the key of the page', () => {
  expect(storeKey('https://cdn.shop.example/x?edgio_dt_pf=1', ORIGIN, 'cdn.shop.example')).toBe(
    `${ORIGIN}/x`,
  );
});
