import { describe, expect, test, vi } from 'vitest';
import { compileManifest } from './manifest.js';
import { type Target, targetOf } from './target.js';

const HOUR = { caching: { max_age: '1h', service_worker_max_age: '1h' } };
const path = (operator: string, value: unknown) => ({ [operator]: [{ request: 'path' }, value] });
const rule = (...parts: unknown[]) => ({ if: parts });
const unknown = { '===': [{ 'request.header': 'x' }, '1'] };

const at = (target: string): Target => targetOf(new URL(target, 'https://shop.example').href) as Target;

function isPrefetchable(rules: unknown[], target: string): boolean {
  return compileManifest(rules, (problem) => expect.fail(problem))(at(target));
}

describe('published vectors', () => {
  test.each(['/pages/1', '/PAGES/1', '/pages/1/'])('the pattern /pages/:id matches %s', (target) => {
    expect(isPrefetchable([rule(path('==', '/pages/:id'), HOUR)], target)).toBe(true);
  });

  test('=== /pages/1 does not match /Pages/1', () => {
    expect(isPrefetchable([rule(path('===', '/pages/1'), HOUR)], '/Pages/1')).toBe(false);
  });

  test('/café must be written percent-encoded', () => {
    expect(isPrefetchable([rule(path('===', '/caf%C3%A9'), HOUR)], '/café')).toBe(true);
  });

  test('/a/../b is /b', () => {
    expect(isPrefetchable([rule(path('===', '/b'), HOUR)], '/a/../b')).toBe(true);
  });

  test('a later bypass_cache turns it off', () => {
    expect(isPrefetchable([HOUR, { caching: { bypass_cache: true } }], '/')).toBe(false);
  });

  test('a still later bypass_cache: false turns it on again', () => {
    const rules = [HOUR, { caching: { bypass_cache: true } }, { caching: { bypass_cache: false } }];
    expect(isPrefetchable(rules, '/')).toBe(true);
  });

  test.each(['0s', '60', '1H', '2min'])('a worker time of %s is invalid', (time) => {
    expect(isPrefetchable([{ caching: { max_age: '1h', service_worker_max_age: time } }], '/')).toBe(false);
  });

  test.each(['1h30m', '5m', '1y', 60])('a worker time of %s is one', (time) => {
    expect(isPrefetchable([{ caching: { max_age: '1h', service_worker_max_age: time } }], '/')).toBe(true);
  });

  test('fault 8: a worker time in weeks is one', () => {
    expect(isPrefetchable([{ caching: { max_age: '1h', service_worker_max_age: '1w' } }], '/')).toBe(true);
  });

  test('without rules nothing is prefetchable', () => {
    expect(isPrefetchable([], '/')).toBe(false);
  });
});

describe('what makes a URL prefetchable', () => {
  test.each(['0s', { '404': '1m' }])('a max_age of %j is enough', (max_age) => {
    expect(isPrefetchable([{ caching: { max_age, service_worker_max_age: '1h' } }], '/')).toBe(true);
  });

  test('without max_age it is not', () => {
    expect(isPrefetchable([{ caching: { service_worker_max_age: '1h' } }], '/')).toBe(false);
  });

  test('bypass_client_cache does not matter', () => {
    expect(isPrefetchable([HOUR, { caching: { bypass_client_cache: true } }], '/')).toBe(true);
  });

  test('fault 23: a later null overrides', () => {
    expect(isPrefetchable([HOUR, { caching: null }], '/')).toBe(false);
  });
});

describe('fault 22: exactly one branch of a chain applies', () => {
  const first = { caching: { max_age: '1h' } };
  const second = { caching: { service_worker_max_age: '1h' } };

  test('the first of two that hold', () => {
    expect(isPrefetchable([rule(path('==', '/:a'), first, path('==', '/:b'), second)], '/x')).toBe(false);
  });

  test('not also the else', () => {
    const chain = rule(path('===', '/x'), HOUR, path('===', '/y'), HOUR, { caching: { bypass_cache: true } });
    expect(isPrefetchable([chain], '/x')).toBe(true);
  });

  test('the else when none holds', () => {
    expect(isPrefetchable([rule(path('===', '/x'), {}, HOUR)], '/y')).toBe(true);
  });
});

describe('after an unknown condition', () => {
  test('what it would allow is not prefetched', () => {
    expect(isPrefetchable([rule(unknown, HOUR)], '/')).toBe(false);
  });

  test('what it would forbid is not prefetched', () => {
    expect(isPrefetchable([HOUR, rule(unknown, { caching: { bypass_cache: true } })], '/')).toBe(false);
  });

  test('what all branches allow is prefetched', () => {
    expect(isPrefetchable([rule(unknown, HOUR, HOUR)], '/')).toBe(true);
  });

  test('what does not decide is ignored', () => {
    expect(isPrefetchable([HOUR, rule(unknown, { caching: { bypass_client_cache: true } })], '/')).toBe(true);
  });

  test('a later certain rule decides', () => {
    expect(
      isPrefetchable(
        [rule(unknown, { caching: { bypass_cache: true } }), HOUR, { caching: { bypass_cache: false } }],
        '/',
      ),
    ).toBe(true);
  });
});

describe('fault 6: only the bad rule is left out', () => {
  const good = rule(path('==', '/good/:id'), HOUR);

  test.each([
    ['an unknown operator', rule(path('~~', 'x'), HOUR)],
    ['two operators', rule({ ...path('===', 'x'), ...path('==', 'y') }, HOUR)],
    ['a bad pattern', rule(path('==', '/api/*'), HOUR)],
    ['a bad expression', rule(path('=~', '('), HOUR)],
    ['an invalid list', rule(path('in', '/a'), HOUR)],
    ['a rule that is null', null],
    ['features that are not an object', { caching: 5 }],
  ])('%s', (_, bad) => {
    expect(compileManifest([bad, good], () => undefined)(at('/good/1'))).toBe(true);
  });

  test('and named once', () => {
    const warn = vi.fn();
    compileManifest([rule(path('~~', 'x'), HOUR), good], warn);
    expect(warn.mock.calls).toEqual([['a rule of the manifest is left out: no operator ~~ with x']]);
  });

  test('inside a branch, the rest of the branch applies', () => {
    const branch = [rule(path('~~', 'x'), HOUR), HOUR];
    expect(compileManifest([rule(path('===', '/a'), branch)], () => undefined)(at('/a'))).toBe(true);
  });
});

describe('rules are found by their paths', () => {
  test.each([
    [path('==', '/shop/:id'), '/shop/1'],
    [path('==', '/:lang/shop'), '/en/shop/'],
    [path('==', '/shop/:rest*'), '/shop'],
    [path('==', '{/:lang}?/shop'), '/shop'],
    [path('==', '/shop.:ext'), '/shop.html'],
    [path('===', '/Shop'), '/Shop'],
    [path('=~', '^/shop/[0-9]+$'), '/shop/12'],
    [path('=~', '^/shop/?'), '/shopping'],
    [path('=~', '^/shop(/|$)'), '/shop'],
    [path('=~', '^/shop/|^/sale/'), '/sale/1'],
    [path('=~', '^/(en|fr)/shop'), '/fr/shop'],
    [path('in', ['/a', '/B/c']), '/B/c'],
    [{ and: [{ '===': [{ request: 'method' }, 'GET'] }, path('==', '/a/:b')] }, '/a/1'],
    [{ or: [path('===', '/a'), path('==', '/b/:c')] }, '/b/1'],
    [{ or: [path('===', '/a'), { '===': [{ request: 'method' }, 'GET'] }] }, '/z'],
    [path('!==', '/a'), '/b'],
  ])('%j for %s', (condition, target) => {
    expect(isPrefetchable([rule(condition, HOUR)], target)).toBe(true);
  });

  test('and apply in their order, whatever finds them', () => {
    const rules = [
      rule(path('==', '/a/:b'), { caching: { bypass_cache: true } }),
      rule(path('=~', 'b'), { caching: { bypass_cache: false } }),
      rule(path('===', '/a/b'), HOUR),
    ];
    expect(isPrefetchable(rules, '/a/b')).toBe(true);
  });
});
