import { describe, expect, test } from 'vitest';
import { compileCondition, type Truth } from './condition.js';
import { type Target, targetOf } from './target.js';

const PATH = { request: 'path' };

function ask(condition: unknown, address = 'https://shop.example/a/b?x=1&Y=two&empty='): Truth {
  return compileCondition(condition).holds(targetOf(new URL(address).href) as Target);
}

describe('variables', () => {
  test.each([
    ['path', '/a/b'],
    ['origin_path', '/a/b'],
    ['method', 'GET'],
    ['scheme', 'HTTPS'],
    ['query', 'x=1&Y=two&empty='],
    ['querystring', 'x=1&Y=two&empty='],
    ['origin_query_string', 'x=1&Y=two&empty='],
  ])('request: %s is %s', (name, value) => {
    expect(ask({ '===': [{ request: name }, value] })).toBe(true);
  });

  test('a query parameter is found however its name is encoded, and in its own letter case only', () => {
    expect(ask({ '===': [{ 'request.origin_query': 'Y' }, 'two'] })).toBe(true);
    expect(ask({ '===': [{ 'request.origin_query': 'Y' }, 'two'] }, 'https://a/?%59=tw%6f')).toBe(true);
    expect(ask({ '===': [{ 'request.origin_query': 'y' }, 'two'] })).toBe(false);
  });

  test('an empty query parameter is there', () => {
    expect(ask({ '===': [{ 'request.origin_query': 'empty' }, ''] })).toBe(true);
  });

  test('the query string is not cut at a second question mark', () => {
    expect(ask({ '===': [{ request: 'querystring' }, 'a?b'] }, 'https://shop.example/?a?b')).toBe(true);
  });
});

test.each(['constructor', 'toString', '__proto__'])('request: %s is not a variable of ours', (name) => {
  expect(ask({ '!==': [{ request: name }, 'x'] })).toBeUndefined();
});

describe('operators', () => {
  test.each([
    [{ '===': [PATH, '/a/b'] }, true],
    [{ '===': [PATH, '/A/b'] }, false],
    [{ '!==': [PATH, '/a/b'] }, false],
    [{ '==': [PATH, '/A/:id'] }, true],
    [{ '==': [PATH, '/a/:id(\\d+)'] }, false],
    [{ '!=': [PATH, '/a/:id'] }, false],
    [{ '=~': [PATH, '^/a/'] }, true],
    [{ '=~': [PATH, '^/A/'] }, false],
    [{ '=~': [PATH, '(?i)^/A/'] }, true],
    [{ '!~': [PATH, '^/a/'] }, false],
    [{ in: [PATH, ['/x', '/a/b']] }, true],
    [{ in: [PATH, []] }, false],
    [{ not_in: [PATH, ['/x']] }, true],
    [{ in: [{ 'request.origin_query': 'x' }, [1]] }, true],
    [{ '<': [{ 'request.origin_query': 'x' }, 2] }, true],
    [{ '<=': [1, { 'request.origin_query': 'x' }, 3] }, true],
    [{ '<': [1, { 'request.origin_query': 'x' }, 3] }, false],
    [{ '>': [{ 'request.origin_query': 'x' }, 1] }, false],
    [{ '>=': [{ 'request.origin_query': 'x' }, 1] }, true],
    [{ '>': [{ 'request.origin_query': 'y' }, 1] }, false],
    [{ and: [] }, true],
    [{ or: [] }, false],
  ])('%j is %s', (condition, truth) => {
    expect(ask(condition)).toBe(truth);
  });
});

describe('what a request lacks', () => {
  const ABSENT = { 'request.origin_query': 'nope' };

  test.each([
    { '===': [ABSENT, ''] },
    { '=~': [ABSENT, '.*'] },
    { in: [ABSENT, ['undefined']] },
    { '<': [ABSENT, 1] },
  ])('is not equal to anything: %j', (condition) => {
    expect(ask(condition)).toBe(false);
  });

  test.each([{ '!==': [ABSENT, ''] }, { '!~': [ABSENT, '.*'] }, { not_in: [ABSENT, ['x']] }])(
    'differs from everything: %j',
    (condition) => {
      expect(ask(condition)).toBe(true);
    },
  );
});

describe('what a page cannot know (fault 7)', () => {
  const HEADER = { 'request.header': 'x' };

  test.each([
    { '===': [HEADER, '1'] },
    { '!==': [HEADER, '1'] },
    { '=~': [HEADER, '.*'] },
    { '!~': [HEADER, '.*'] },
    { in: [HEADER, ['1']] },
    { not_in: [HEADER, ['1']] },
    { '<': [HEADER, 1] },
    { '===': [{ device: 'is_mobile' }, true] },
    { and: [{ '===': [PATH, '/a/b'] }, { '===': [HEADER, '1'] }] },
    { or: [{ '===': [PATH, '/x'] }, { '===': [HEADER, '1'] }] },
  ])('is neither true nor false: %j', (condition) => {
    expect(ask(condition)).toBeUndefined();
  });

  test('does not matter where another member of "and" is false', () => {
    expect(ask({ and: [{ '===': [HEADER, '1'] }, { '===': [PATH, '/x'] }] })).toBe(false);
  });

  test('does not matter where another member of "or" is true', () => {
    expect(ask({ or: [{ '===': [HEADER, '1'] }, { '===': [PATH, '/a/b'] }] })).toBe(true);
  });
});

describe('expressions written for PCRE', () => {
  test.each([['(?s)^/a.b$'], ['^/(?P<first>a)/b'], ['(?im)^/A/']])('%s is understood', (expression) => {
    expect(ask({ '=~': [PATH, expression] })).toBe(true);
  });

  test.each(['\\A/a', '^/a\\Z', '[[:alpha:]]', '\\R', 'a++', '(?>a)'])('%s is refused', (expression) => {
    expect(() => compileCondition({ '=~': [PATH, expression] })).toThrow();
  });
});

test.each([
  [{}],
  [{ '===': [PATH, 1], '!==': [PATH, 2] }],
  [{ '===': 'x' }],
  [{ in: [PATH, '/a'] }],
  [{ like: [PATH, '/a'] }],
  [{ '==': [PATH, '/a/*'] }],
  [null],
])('a malformed condition is refused: %j', (condition) => {
  expect(() => compileCondition(condition)).toThrow();
});
