import { describe, expect, test } from 'vitest';
import { patternRegExp } from './pathPattern.js';

const matches = (pattern: string, path: string): boolean => patternRegExp(pattern).test(path);

describe('a path matches', () => {
  test.each([
    ['/team/:id', '/team/7'],
    ['/team/:id', '/TEAM/7'],
    ['/team/:id', '/team/7/'],
    ['/team/:id?', '/team'],
    ['/docs/:rest*', '/docs'],
    ['/docs/:rest*', '/docs/a/b'],
    ['/docs/:rest+', '/docs/a'],
    ['/v:n(\\d+)', '/v12'],
    ['/logs/(.*)', '/logs/a/b'],
    ['/:a{-:b}?', '/x'],
    ['/:a{-:b}?', '/x-y'],
    ['/:dir*/:file.:ext(png|jpg)', '/a/b/c.png'],
    ['/a\\:b', '/a:b'],
    ['/a%20b', '/a%20b'],
  ])('%s: %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(true);
  });
});

describe('a path does not match', () => {
  test.each([
    ['/team/:id', '/team'],
    ['/team/:id', '/team/7/x'],
    ['/team/:id', '/team/7//'],
    ['/docs/:rest*', '/docsx'],
    ['/docs/:rest+', '/docs'],
    ['/v:n(\\d+)', '/vx'],
    ['/logs/(.*)', '/log'],
    ['/:a{-:b}?', '/x/y'],
    ['/x/', '/x'],
    ['/a b', '/a%20b'],
  ])('%s: %s', (pattern, path) => {
    expect(matches(pattern, path)).toBe(false);
  });
});

describe('a pattern is refused', () => {
  test.each([
    ['/api/*', 'unexpected *'],
    ['/a?', 'unexpected ?'],
    ['/a{b', 'unexpected {'],
    ['/a}', 'unexpected }'],
    ['/:', 'a value is missing'],
    ['/(a', 'a value is missing'],
    ['/((a))', 'a value is missing'],
    ['/:a:b', 'no text between two values'],
    ['(a)*', 'nothing between repeated values'],
  ])('%s: %s', (pattern, problem) => {
    expect(() => patternRegExp(pattern)).toThrow(problem);
  });
});
