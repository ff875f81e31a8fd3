import { describe, expect, it } from 'vitest';
import { optional } from '../optional.ts';
import { Context } from './context.ts';
import type { Expression } from './data.ts';
import '../optional/conditions.ts';

const contextOf = (path: string): Context =>
  new Context({
    method: 'GET',
    scheme: 'https',
    host: 'www.shop.example',
    path,
    query: '',
    headers: new Map(),
    visitor: { client: '' },
    body: null,
    drawn: new Map(),
  });

const BELOW = '(?:\\/([^\\/#\\?]+?))[\\/#\\?]?$';
const EXPRESSIONS: Expression[] = [
  [`^/shop${BELOW}`, 'i'],
  [`^/shop${BELOW}`, ''],
  ['^/shop(?:/([^/#?]+?))(?:/([^/#?]+?))?[/#?]?$', 'i'],
  ['^/shop/tea$', ''],
  ['^/shop/tea[/#?]?$', 'i'],
  ['^/shop/?$', ''],
  ['^/shops?$', ''],
  ['^/shop+/tea', ''],
  ['^/shop{1}/tea', ''],
  ['^/shop(?:/tea|/coffee)$', ''],
  ['^/shop$|/tea', ''],
  ['^/shop.*', ''],
  ['/shop/', ''],
  ['^/shop(/.*)?$', 'i'],
  ['^/shop/(?<!shop/)tea', ''],
];
const PATHS = [
  '/shop', '/shop/', '/shop/tea', '/SHOP/Tea', '/shop/tea/', '/shop/tea/7', '/shopx/tea', '/shopp/tea', '/sho',
  '/shops', '/a/shop/tea', '/', '/shop//tea', '/shop/coffee', '/tea',
]; // biome-ignore format: one list

describe('a test of the path', () => {
  it.each(EXPRESSIONS)('by %s with the flags "%s" is that of the expression', (source, flags) => {
    const holds = optional.predicates([['match', 'path', [source, flags]]])(0);
    for (const path of [...PATHS, ...PATHS.toReversed()])
      expect([path, holds.holds(contextOf(path))]).toEqual([
        path,
        new RegExp(source, flags).test(contextOf(path).path),
      ]);
  });
});
