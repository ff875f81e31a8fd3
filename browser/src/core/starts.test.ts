import { describe, expect, test } from 'vitest';
import { eachStart, expressionStart, patternStart } from './starts.js';

describe('the start of a pattern', () => {
  test.each([
    ['/pages/:id', '/pages'],
    ['/Pages/1', '/pages/1'],
    ['/:lang/shop/:id', '/:/shop'],
    ['/:lang/:shop/x', ''],
    ['/docs/:rest*', '/docs'],
    ['/v:n(\\d+)', ''],
    ['/a.:ext', ''],
    ['/a/b.:ext', '/a'],
    ['/:id', ''],
    ['/', ''],
    ['/a/', '/a'],
    ['{/:lang}?/shop', ''],
    ['', ''],
  ])('%s is "%s"', (pattern, start) => {
    expect(patternStart(pattern)).toBe(start);
  });
});

describe('the start of an expression', () => {
  test.each([
    ['^/shop/[0-9]+$', '/shop'],
    ['^/shop$', '/shop'],
    ['(?i)^/Shop/', '/shop'],
    ['^/shop/cart/?$', '/shop'],
    ['^/shop', ''],
    ['^/shop/|/sale', ''],
    ['/shop/', ''],
    ['^/shop/(a|b)', '/shop'],
  ])('%s is "%s"', (expression, start) => {
    expect(expressionStart(expression)).toBe(start);
  });
});

describe('the starts of a path', () => {
  test.each([
    ['/', ['', '/']],
    ['/Shop', ['', '/shop']],
    ['/a/b/c', ['', '/a', '/a/b', '/:/b', '/a/b/c', '/:/b/c']],
    ['/a/', ['', '/a', '/a/', '/:/']],
  ])('%s', (path, expected) => {
    const starts: string[] = [];
    eachStart(path, (start) => starts.push(start));
    expect(starts).toEqual(expected);
  });
});
