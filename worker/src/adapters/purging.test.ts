import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../cache/memory.ts';
import { type PlatformCache, PlatformStore } from '../cache/platform.ts';
import { Edge } from '../edge/edge.ts';
import type { StoredResponse } from '../edge/types.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Data } from '../rules/data.ts';
import { PURGE_PATH, purge } from './purging.ts';
import '../optional/ruled.ts';

const DATA: Data = {
  site: {
    scheme: 'https',
    host: 'www.shop.example',
    hostnames: { 'www.shop.example': null, 'm.shop.example': null },
    cacheStatus: 'off',
    answerSeconds: 60,
  },
  tests: [],
  leaves: [
    {
      set: [
        ['caching.max_age.200', 3600],
        ['caching.purge_tags', ['all', 'a b']],
      ],
    },
  ],
  rules: [[0]],
  index: {},
  anywhere: [0],
  origins: { '': { hosts: [{ scheme: 'https', name: 'origin.example' }] } },
  spoofable: [['forwarded'], ['x-forwarded-']],
  files: {},
  version: '0',
};

async function filled(...urls: [host: string, target: string][]) {
  const store = new MemoryStore(1e6);
  const send = async () => ({ status: 200, headers: fieldsOf([]), body: new Uint8Array([97]) });
  const edge = new Edge(DATA, { store, send, now: () => 0 });
  for (const [host, target] of urls)
    await edge.handle({
      method: 'GET',
      target,
      headers: fieldsOf([['host', host]]),
      body: null,
      visitor: { client: '' },
    });
  const sent = (wanted: unknown, headers: Record<string, string> = {}, more: object = {}) => {
    const fields = fieldsOf(
      Object.entries({ host: 'localhost:8081', 'content-type': 'application/json', ...headers }),
    );
    const body = typeof wanted === 'string' ? wanted : JSON.stringify(wanted);
    const request = { method: 'POST', path: PURGE_PATH, headers: fields, body, ...more };
    return purge(request, edge, store, DATA);
  };
  return { store, sent };
}

const WWW: [string, string] = ['www.shop.example', '/a'];
const MOBILE: [string, string] = ['m.shop.example', '/a'];

describe('a purge', () => {
  it('removes by URL, by path on each host, by tag and all', async () => {
    const { store, sent } = await filled(WWW, MOBILE, ['m.shop.example', '/b?x=1']);
    expect(store.addresses()).toHaveLength(3);
    expect(sent({ urls: ['https://M.shop.example:443/a?edgio_prefetch=1'] })).toEqual([200, { purged: 1 }]);
    expect(sent({ urls: ['/b', '/b?x=1'] })).toEqual([200, { purged: 1 }]);
    expect(sent({ tags: ['a', 'A B'] })).toEqual([200, { purged: 0 }]);
    expect(sent({ tags: ['a b'] })).toEqual([200, { purged: 1 }]);
    const again = await filled(WWW, MOBILE);
    expect(again.sent({ all: true })).toEqual([200, { purged: 2 }]);
    expect(again.store.size).toBe(0);
  });

  it.each([
    ['through a proxy', { 'x-forwarded-for': '192.0.2.1' }, {}, 403],
    ['with Via', { via: '1.1 proxy' }, {}, 403],
    ['from a page', { origin: 'https://evil.example' }, {}, 403],
    ['by a name of the site', { host: 'www.shop.example' }, {}, 403],
    ['of another type', { 'content-type': 'text/plain' }, {}, 415],
    ['by GET', {}, { method: 'GET' }, 405],
    ['elsewhere', {}, { path: '/' }, 404],
  ])('is refused %s', async (_, headers, more, status) => {
    const { store, sent } = await filled(WWW);
    expect(sent({ all: true }, headers as Record<string, string>, more)[0]).toBe(status);
    expect(store.addresses()).toHaveLength(1);
  });

  it.each([
    '',
    '[]',
    {},
    { all: false },
    { all: true, tags: [] },
    { tags: 'a' },
    { tags: [''] },
    { urls: [1] },
    { other: [] },
    { urls: ['a'] },
    { urls: ['/a/../b'] },
    { urls: ['https://other.example/a'] },
    { tags: ['all'], urls: ['ftp://www.shop.example/a'] },
    { tags: Array.from({ length: 1001 }, String) },
  ])('of %j removes nothing', async (wanted) => {
    const { store, sent } = await filled(WWW);
    const [status, answer] = sent(wanted);
    expect(status).toBe(400);
    expect(answer).toHaveProperty('error');
    expect(store.addresses()).toHaveLength(1);
  });
});

it('stores tags in the cache of a platform under the name by which it purges', async () => {
  const put: Response[] = [];
  const cache: PlatformCache = {
    match: async () => undefined,
    put: async (_, response) => void put.push(response),
    delete: async () => true,
  };
  const stored = {
    key: ['a/'],
    variant: [],
    headers: new Map(),
    original: { status: 200, headers: new Map() },
    body: new Uint8Array(),
    policy: { fresh: 1, stale: 0, error: 0 },
    time: 0,
    age: 0,
  };
  const store = new PlatformStore(() => cache);
  const put_ = (tags?: string[]) => store.store({ ...stored, ...(tags && { tags }) } as StoredResponse);
  await put_(['news', 'two words', 'a,b', 'caf\u00e9', 'x-1']);
  await put_();
  expect(put.map(({ headers }) => headers.get('cache-tag'))).toEqual(['news,x-1', null]);
});
