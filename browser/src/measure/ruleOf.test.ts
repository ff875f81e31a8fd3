import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadRuleOf } from './ruleOf.js';

const path = { request: 'path' };
const ages = { caching: { max_age: '1h', service_worker_max_age: '5m' } };
const SHOP = 'https://shop.example';

const RULES = [
  { if: [{ and: [{ '==': [path, '/products/:id'] }, { '===': [{ request: 'method' }, 'GET'] }] }, ages] },
  { if: [{ in: [path, ['/', '/help']] }, ages] },
  { if: [{ '==': [path, '/blog/:slug'] }, [{ if: [{ '==': [path, '/blog/draft'] }, ages] }, ages]] },
  { if: [{ '=~': [path, '^/v[0-9]+$'] }, ages] },
  { if: [{ '==': [path, '/products/7'] }, { headers: {} }] },
  { if: [{ nonsense: 1 }, ages] },
  { if: [{ '==': [path, '/a(((('] }, ages] },
  7,
  null,
];

beforeEach(() => void vi.stubGlobal('location', new URL(`${SHOP}/`)));
afterEach(() => void vi.unstubAllGlobals());

test('a URL belongs to the path of the rule that decides last', async () => {
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: RULES.slice(0, 7) });
  const ruleOf = await loadRuleOf(SHOP);
  const found = ['/products/7?a=1', '/help', '/blog/draft', '/blog/x', '/v12', '/cart'].map((target) =>
    ruleOf(SHOP + target),
  );
  expect(found).toEqual(['/products/:id', '/help', '/blog/draft', '/blog/:slug', '=~ "^/v[0-9]+$"', '']);
  expect(ruleOf('https://other.example/products/7')).toBe('');
});

test.each([
  ['a rule that is not a rule', `self.A={"rules":${JSON.stringify(RULES)}};`],
  ['no rules', 'self.A={};'],
  ['no manifest', '<h1>404</h1>'],
])('names nothing for %s', async (_what, text) => {
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', undefined);
  vi.stubGlobal('fetch', async () => new Response(text));
  expect((await loadRuleOf(SHOP))(`${SHOP}/cart`)).toBe('');
});

test('the manifest is requested by what the rules in front of the script are', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', undefined);
  vi.stubGlobal('fetch', async (...call: unknown[]) => {
    asked.push(call);
    return new Response(`self.A={"rules":${JSON.stringify(RULES.slice(0, 2))}};`);
  });
  vi.stubGlobal('__EDGIO_PREFETCHABLE__', () => 1);
  expect((await loadRuleOf(SHOP))(`${SHOP}/help`)).toBe('/help');
  vi.stubGlobal('__EDGIO_PREFETCHABLE__', () => 2);
  await loadRuleOf(SHOP);
  const addresses = asked.map((call) => (call as [string])[0]);
  expect(new Set(addresses).size).toBe(2);
  expect(asked[0]).toEqual([
    expect.stringMatching(/^https:\/\/shop\.example\/__edgio__\/cache-manifest\.js\?\d+$/),
    { cache: 'force-cache' },
  ]);
});
