import { describe, expect, test } from 'vitest';
import { expressionStart, fits, patternStart } from './segments.js';

describe('the start of a pattern', () => {
  test.each([
    ['/pages/:id', ['pages', null], true],
    ['/Pages/1', ['pages', '1'], true],
    ['/docs/:rest*', ['docs'], false],
    ['/v:n(\\d+)', [], false],
    ['/a.:ext', [], false],
    ['/', [], false],
    ['/a/', ['a'], false],
  ])('%s', (pattern, start, plain) => {
    expect(patternStart(pattern)).toEqual({ start, plain });
  });
});

describe('the start of an expression', () => {
  test.each([
    ['^/shop/[0-9]+$', ['shop']],
    ['^/shop$', ['shop']],
    ['(?i)^/Shop/', ['shop']],
    ['^/shop/cart/?$', ['shop']],
    ['^/shop', []],
    ['^/shop/|/sale', []],
    ['/shop/', []],
    ['^/shop/(a|b)', ['shop']],
  ])('%s', (expression, start) => {
    expect(expressionStart(expression)).toEqual(start);
  });
});

describe('plain segments', () => {
  test.each([
    ['/pages/1', true],
    ['/PAGES/1/', true],
    ['/pages/', false],
    ['/pages/1//', false],
    ['/pages/1/2', false],
    ['/pages', false],
  ])('of /pages/:id fit %s: %s', (path, expected) => {
    expect(fits(['pages', null], path)).toBe(expected);
  });
});
