import { describe, expect, test } from 'vitest';
import { type Circumstances, judge, type Verdict } from './judge.js';

const EDGE = 'x-sw-cache-control';

function verdict(
  headers: Record<string, string> = {},
  circumstances: Partial<Circumstances> = {},
  status = 200,
): Verdict {
  const response = new Response(status === 204 ? null : 'body', { status });
  // Some runtimes hide Set-Cookie from a response, so its headers are replaced.
  Object.defineProperty(response, 'headers', { value: new Headers(headers) });
  return judge(response, { requested: Number.NaN, fallback: 120, age: 0, ...circumstances });
}

describe('time to live', () => {
  test('is the fallback when nothing is said', () => {
    expect(verdict()).toEqual({ seconds: 120 });
  });

  test('is what the edge says', () => {
    expect(verdict({ [EDGE]: 'max-age=60' })).toEqual({ seconds: 60 });
  });

  test('is what the page asks, before what the edge says', () => {
    expect(verdict({ [EDGE]: 'max-age=60' }, { requested: 300 })).toEqual({ seconds: 300 });
  });

  test.each([0, Number.NaN, -1])('is not what the page asks when that is %d', (requested) => {
    expect(verdict({ [EDGE]: 'max-age=60' }, { requested })).toEqual({ seconds: 60 });
  });

  test.each(['max-age=0', 'no-cache'])('is zero when the edge says %s', (header) => {
    expect(verdict({ [EDGE]: header })).toEqual({ refused: 'no time to live' });
  });

  test('is zero without a fallback', () => {
    expect(verdict({}, { fallback: 0 })).toEqual({ refused: 'no time to live' });
  });

  test('ignores the age of a response by default', () => {
    expect(verdict({ age: '100' })).toEqual({ seconds: 120 });
  });

  test('shrinks by what counts', () => {
    expect(verdict({}, { age: 100 })).toEqual({ seconds: 20 });
  });
});

describe('fault 10: what is private is refused', () => {
  test.each([
    [{ 'cache-control': 'no-store' }, 'private'],
    [{ 'cache-control': 'Private, max-age=60' }, 'private'],
    [{ 'set-cookie': 'a=1' }, 'sets a cookie'],
    [{ vary: 'Accept, *' }, 'varies'],
  ])('%j', (headers, refused) => {
    expect(verdict(headers as Record<string, string>)).toEqual({ refused });
  });

  test('also when the page asks for a time', () => {
    expect(verdict({ 'cache-control': 'private' }, { requested: 60 })).toEqual({ refused: 'private' });
  });

  test('but not when the edge gives it a time', () => {
    expect(verdict({ 'cache-control': 'private, no-store', [EDGE]: 'max-age=60' })).toEqual({ seconds: 60 });
  });

  test('and nothing is stored when the edge says no-store', () => {
    expect(verdict({ [EDGE]: 'no-store' }, { requested: 60 })).toEqual({ refused: 'the edge forbids it' });
  });
});

test.each([201, 204, 206, 404, 412, 500])('status %d is refused', (status) => {
  expect(verdict({}, {}, status)).toEqual({ refused: `status ${status}` });
});

test('an empty response is refused', () => {
  expect(verdict({ 'content-length': '0' })).toEqual({ refused: 'empty' });
});

test('a redirected response is refused', () => {
  const response = new Response('body');
  Object.defineProperty(response, 'redirected', { value: true });
  expect(judge(response, { requested: 60, fallback: 120, age: 0 })).toEqual({
    refused: 'redirected',
  });
});
