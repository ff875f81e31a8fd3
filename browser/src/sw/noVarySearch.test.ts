import { expect, test } from 'vitest';
import { isSameSearch } from './noVarySearch.js';

const PAGE = 'https://shop.example/a';

test.each([
  ['params=("utm_source")', '', '?utm_source=x', true],
  ['params=("utm_source")', '?a=1', '?utm_source=x&a=1', true],
  ['params=("utm_source")', '?a=1', '?utm_source=x&a=2', false],
  ['params=("a" "b")', '?a=1&c=3', '?b=2&c=3', true],
  ['params=("a b")', '', '?a+b=1', true],
  ['params', '?a=1', '?b=2', true],
  ['params=?1, except=("q")', '?q=1&x=1', '?q=1', true],
  ['params, except=("q")', '?q=1', '?q=2', false],
  ['params=?0', '?a=1', '', false],
  ['key-order', '?a=1&b=2', '?b=2&a=1', true],
  ['key-order=?0', '?a=1&b=2', '?b=2&a=1', false],
  ['key-order', '?a=1&a=2', '?a=2&a=1', false],
  ['params=("x"), key-order', '?a=1&x=1&b=2', '?b=2&a=1', true],
  ['params="x"', '?x=1', '', false],
  ['params=("x"', '?x=1', '', false],
  ['PARAMS', '?x=1', '', false],
])('%s: %s and %s: %s', (header, stored, wanted, isSame) => {
  expect(isSameSearch(PAGE + stored, PAGE + wanted, header)).toBe(isSame);
});

test('another path is another page', () => {
  expect(isSameSearch(PAGE, `${PAGE}b`, 'params')).toBe(false);
});
