// @vitest-environment happy-dom
/// <reference path="./cases.d.ts" />
import { beforeEach, describe, expect, test } from 'vitest';
import { targetOf } from '../core/target.js';
import { options } from '../window/options.js';
import { linkTarget, matches, plainTarget } from './linkTarget.js';
import rows from './loggingOut.cases.json';

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(
    'https://shop.example/blog/?p=1',
  );
  document.head.innerHTML = '';
});

function target(markup: string): string | undefined {
  document.body.innerHTML = markup;
  return linkTarget(document.querySelector('a') as Element, options) || undefined;
}

describe('a link leads', () => {
  test.each([
    ['<a href="/a">', 'https://shop.example/a'],
    ['<a href="post-1#top">', 'https://shop.example/blog/post-1'],
    ['<a href="?p=2">', 'https://shop.example/blog/?p=2'],
    ['<a href="https://shop.example/x">', 'https://shop.example/x'],
    ['<svg><a href="/svg"></a></svg>', 'https://shop.example/svg'],
    ['<a href="/blogout">', 'https://shop.example/blogout'],
  ])('%s to %s', (markup, href) => {
    expect(target(markup)).toBe(href);
  });

  test('fault 5: in SVG, too, where <base> says', () => {
    document.head.innerHTML = '<base href="/other/">';
    expect(target('<svg><a href="post-1"></a></svg>')).toBe('https://shop.example/other/post-1');
  });
});

describe('a link is left alone', () => {
  test.each([
    ['without href', '<a>'],
    ['with an empty href', '<a href="">'],
    ['fault 6: with a bad href', '<a href="http://">'],
    ['fault 5: to a fragment of this page', '<a href="#top">'],
    ['to this page', '<a href="/blog/?p=1">'],
    ['to another origin', '<a href="https://other.example/a">'],
    ['to another port', '<a href="https://shop.example:8443/a">'],
    ['that is not HTTP', '<a href="mailto:a@shop.example">'],
    ['that downloads', '<a href="/a.zip" download>'],
    ['that opts out', '<a href="/a" data-prefetch="false">'],
    ['inside of what opts out', '<nav data-prefetch="false"><a href="/a"></a></nav>'],
    ['that logs out', '<a href="/account/logout">'],
    ['that signs out', '<a href="/sign-out?next=/">'],
    ['that logs off by parameter', '<a href="/session?action=user_log_off">'],
  ])('%s', (_, markup) => {
    expect(target(markup)).toBeUndefined();
  });
});

test('links that log out are those that Python knows', () => {
  // tests/test_browsing.py reads the same rows.
  expect(rows.length).toBeGreaterThan(20);
  for (const [address, logsOut] of rows)
    expect([address, target(`<a href="${address}">`) === undefined]).toEqual([address, logsOut]);
});

test('fault 15: a global expression matches each time', () => {
  const pattern = /\/p\//g;
  expect([matches('/p/1', [pattern]), matches('/p/2', [pattern])]).toEqual([true, true]);
});

describe('other options', () => {
  const link = (markup: string): Element => {
    document.body.innerHTML = markup;
    return document.querySelector('a') as Element;
  };

  test.each([['other.example'], ['https://other.example']])('origins allow other ones: %s', (allowed) => {
    const foreign = link('<a href="https://other.example/a#b">');
    expect(linkTarget(foreign, { ...options, origins: [allowed] })).toBe('https://other.example/a');
  });

  test('origins allow no others', () => {
    const foreign = link('<a href="https://another.example/a">');
    expect(linkTarget(foreign, { ...options, origins: ['other.example'] })).toBe('');
  });

  test('ignore sees URL and element', () => {
    const found = link('<a href="/a" class="heavy">');
    const ignore = (url: string, element: Element): boolean =>
      url.endsWith('/a') && element.matches('.heavy');
    expect(linkTarget(found, { ...options, ignore })).toBe('');
  });
});

describe('a URL that is written plainly', () => {
  test.each([
    'https://shop.example/',
    'https://shop.example/a/b',
    'https://shop.example/a/b/',
    'https://shop.example:8443/a.html?x=1&y=/b',
    "https://shop.example/~ann/@b?q='x'",
    'https://shop.example/a?',
  ])('is read as any other: %s', (url) => {
    expect(plainTarget(url)).toEqual(targetOf(url));
  });

  test.each([
    'https://shop.example/%41',
    'https://shop.example/a//b',
    'https://shop.example/a;b',
    'https://shop.example/a?x=%20',
    'https://shop.example/a?x="',
  ])('is not read when it has escapes and the like: %s', (url) => {
    expect(plainTarget(url)).toBeUndefined();
  });
});
