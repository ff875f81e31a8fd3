/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileManifest } from '../src/core/manifest.js';
import { storeKey } from '../src/core/storeKey.js';
import { type Target, targetOf } from '../src/core/target.js';

interface Row {
  target: string;
  canonical?: string;
  sees?: string;
  sees_query?: string;
  key?: string;
  refused?: string;
  property?: { encoded_slashes?: string };
  cache_key?: unknown;
  browser?: boolean;
}

const ORIGIN = 'https://shop.example';

/** The table that Python and a running edge are held to as well. */
const ROWS: Row[] = JSON.parse(readFileSync(new URL('../../tests/http/urls.json', import.meta.url), 'utf8'));
const rows = ROWS.filter(({ browser }) => browser !== false);

const caching = { max_age: '1h', service_worker_max_age: '1h' };
const only = (condition: unknown): unknown[] => [{ if: [condition, { caching }] }];

const isPrefetched = (row: Row, rules: unknown[]): boolean => {
  const target = targetOf(ORIGIN + row.target);
  const keeps = row.property?.encoded_slashes === 'keep';
  return target !== undefined && compileManifest(rules, () => undefined, keeps)(target);
};

test('the table is long enough', () => {
  expect(rows.length).toBeGreaterThan(150);
});

test.each(rows.filter(({ refused }) => refused))('$target is not prefetched', (row) => {
  expect(isPrefetched(row, [{ caching }])).toBe(false);
});

test.each(rows.filter(({ refused }) => !refused))('$target is seen as rules see it', (row) => {
  const { path, query } = targetOf(ORIGIN + row.target) as Target;
  expect([path, query]).toEqual([row.sees, row.sees_query]);
  expect(isPrefetched(row, only({ '===': [{ request: 'path' }, row.sees] }))).toBe(true);
  expect(isPrefetched(row, only({ '===': [{ request: 'querystring' }, row.sees_query] }))).toBe(true);
});

test('the store never has one entry for what the edge tells apart', () => {
  const known = new Map<string, string | undefined>();
  for (const { target, key, refused, cache_key } of rows) {
    if (refused || cache_key) continue;
    const stored = storeKey(ORIGIN + target, ORIGIN);
    expect(known.get(stored) ?? key, target).toBe(key);
    known.set(stored, key);
  }
});
