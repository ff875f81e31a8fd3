// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { InstallOptions } from '../core/pageTypes.js';

const OURS = { serviceWorkerPath: '/__edgio__service_worker_v0.1.0.js' };

/** Whether prefetches may be left to the browser's cache, which here can keep them. */
async function isLeftToTheCache(options: InstallOptions, rules?: { needsWorker: boolean }): Promise<boolean> {
  vi.resetModules();
  if (rules)
    vi.stubGlobal(
      '__EDGIO_PREFETCHABLE__',
      Object.assign(() => true, rules),
    );
  const { change } = await import('./options.js');
  const { parts } = await import('./parts.js');
  vi.spyOn(parts, 'httpCache').mockResolvedValue({ choose: async () => async () => ({ event: 'prefetch' }) });
  change({ ...OURS, ...options });
  return Boolean(await (await import('./httpCacheMode.js')).httpCache());
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('worker: "auto" leaves prefetches to the cache', () => {
  test('where it may keep all pages', async () => {
    expect(await isLeftToTheCache({ worker: 'auto' }, { needsWorker: false })).toBe(true);
  });

  test.each([
    ['rules keep pages from it', {}, { needsWorker: true }],
    ['the rules are not known', {}, undefined],
    ['the site has its own worker', { serviceWorkerPath: '/sw.js' }, { needsWorker: false }],
    ['the edge has another host', { cacheHost: 'cdn.example' }, { needsWorker: false }],
  ])('but not where %s', async (_, options, rules) => {
    expect(await isLeftToTheCache({ worker: 'auto', ...options }, rules)).toBe(false);
  });
});

test.each([
  ['always', false],
  ['never', true],
] as const)('worker: "%s" asks for no rules', async (worker, isLeft) => {
  expect(await isLeftToTheCache({ worker }, { needsWorker: worker === 'never' })).toBe(isLeft);
});
