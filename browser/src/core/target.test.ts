import { expect, test } from 'vitest';
import { targetOf } from './target.js';

test.each([
  ['https://shop.example/', '/', ''],
  ['https://shop.example:8443/a/b', '/a/b', ''],
  ['https://shop.example/a?x=1', '/a', 'x=1'],
  ['https://shop.example/a?x=/b?c', '/a', 'x=/b?c'],
  ['https://shop.example//%7eann/%40b%2f?ids[]=%41%2f', '/~ann/@b%2F', 'ids[]=A%2F'],
])('%s has the path %s and the query "%s"', (href, path, query) => {
  expect(targetOf(href)).toEqual({ href, path, query });
});

test('a fragment is left out', () => {
  expect(targetOf('https://shop.example/a?x=1#/b?c')).toEqual({
    href: 'https://shop.example/a?x=1',
    path: '/a',
    query: 'x=1',
  });
});
