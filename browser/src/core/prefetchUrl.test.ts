import { describe, expect, test } from 'vitest';
import { type Marking, prefetchUrl } from './prefetchUrl.js';

const PAGE = 'https://shop.example/blog/';

function marked(target: string, marking: Partial<Marking> = {}): string {
  return prefetchUrl(new URL(target, PAGE), { hostname: 'shop.example', cachedOnly: true, ...marking });
}

describe('published vectors', () => {
  test('a path', () => {
    expect(marked('/a')).toBe('https://shop.example/a?edgio_dt_pf=1&edgio_prefetch=1');
  });

  test('a query stays, a fragment goes', () => {
    expect(marked('/a?x=1#f')).toBe('https://shop.example/a?x=1&edgio_dt_pf=1&edgio_prefetch=1');
  });

  test('maxAgeSeconds', () => {
    expect(marked('/ttl', { maxAgeSeconds: 300 })).toBe(
      'https://shop.example/ttl?edgio_dt_pf=1&edgio_prefetch=1&edgio_prefetch_ttl=300',
    );
  });

  test.each([0, -5, Number.NaN])('maxAgeSeconds of %d adds nothing', (maxAgeSeconds) => {
    expect(marked('/m', { maxAgeSeconds })).toBe('https://shop.example/m?edgio_dt_pf=1&edgio_prefetch=1');
  });

  test('a method in the letters in which the worker looks for it, and GET not at all', () => {
    expect(marked('/p', { method: 'POST' })).toBe(
      'https://shop.example/p?edgio_dt_pf=1&edgio_prefetch=1&pref_edgio_method=post',
    );
    expect(marked('/p', { method: 'GET' })).toBe('https://shop.example/p?edgio_dt_pf=1&edgio_prefetch=1');
  });

  test('method and body', () => {
    expect(marked('/p', { method: 'post', body: '{"a":"é&1"}' })).toBe(
      'https://shop.example/p?edgio_dt_pf=1&edgio_prefetch=1&pref_edgio_body=%7B%22a%22%3A%22%C3%A9%261%22%7D&pref_edgio_method=post',
    );
  });

  test('another host gets no mark', () => {
    expect(marked('https://other.example/x', { maxAgeSeconds: 60 })).toBe(
      'https://other.example/x?edgio_prefetch_ttl=60',
    );
  });

  test('includeCacheMisses leaves out "cached only"', () => {
    expect(marked('/rel/path?x=1#f', { cachedOnly: false })).toBe(
      'https://shop.example/rel/path?x=1&edgio_dt_pf=1',
    );
  });

  test('cacheHost', () => {
    expect(marked('/ch?x=1', { cacheHost: 'cdn.example' })).toBe(
      'https://cdn.example/ch?x=1&edgio_dt_pf=1&edgio_prefetch=1',
    );
  });

  test('a URL of cacheHost itself', () => {
    expect(marked('https://cdn.example/ch2', { cacheHost: 'cdn.example' })).toBe('https://cdn.example/ch2');
  });
});

test('cacheHost replaces scheme and port too', () => {
  const url = new URL('http://shop.example:8080/a');
  expect(prefetchUrl(url, { hostname: 'shop.example', cachedOnly: false, cacheHost: 'cdn.example' })).toBe(
    'https://cdn.example/a?edgio_dt_pf=1',
  );
});

test('text in the query is left as it is', () => {
  expect(marked('/a?q=a+b&q=100%&flag', { cachedOnly: false })).toBe(
    'https://shop.example/a?q=a+b&q=100%&flag&edgio_dt_pf=1',
  );
});

test('an empty query is not doubled', () => {
  expect(marked('/a?', { cachedOnly: false })).toBe('https://shop.example/a?edgio_dt_pf=1');
});

test('the given URL is not changed', () => {
  const url = new URL('https://shop.example/a#f');
  prefetchUrl(url, { hostname: 'shop.example', cachedOnly: true, cacheHost: 'cdn.example' });
  expect(url.href).toBe('https://shop.example/a#f');
});
