/** When a page lets prefetches through to the origin: how many it gets, counted there. */
import { describe, expect, it } from 'vitest';
import { INCLUDING_MISSES } from '../fixtures/guide';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import { guideRoutes, visitBehind } from './support/behind';
import { install, named, seen } from './support/pages';

const GUIDE = ['/pages/1', '/pages/2', '/pages/3'];
const TEN = Array.from({ length: 10 }, (_, index) => `/pages/${index}`);
const LINKS = TEN.map((path) => `<a href="${path}">${path}</a> `).join('');

/** Ten draws, spread evenly from 0 to 1, in place of chance. */
const DRAWS = '<script>let draws = 0; Math.random = () => (draws++ % 10) / 10 + 0.05;</script>';

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('data-include-cache-misses="true" fetches what the edge does not hold, once, and the edge keeps it', async () => {
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: { '/': INCLUDING_MISSES, ...named(...GUIDE) },
      routes: guideRoutes(),
      opened: ['/pages/2'],
    });
    await tab.stored(...GUIDE);
    expect((await edge.log()).outcomes).toEqual({ '/pages/1': [200], '/pages/2': [200], '/pages/3': [200] });
    expect(origin.targets).toEqual(['/', '/pages/1', '/pages/3']);
    const { copies } = (await edge.json('cache')) as { copies: { key: string[] }[] };
    expect(copies.map(({ key }) => key[0]).sort()).toEqual(
      GUIDE.map((path) => expect.stringMatching(`${path}$`)),
    );
  });

  it.each([
    { ratio: '0', atOrigin: 0 },
    { ratio: '0.5', atOrigin: 5 },
    { ratio: '1', atOrigin: 10 },
  ])(
    'data-force-prefetch-ratio="$ratio": $atOrigin of ten misses reach the origin',
    async ({ ratio, atOrigin }) => {
      const { edge, origin, tab } = await visitBehind(browser(), {
        pages: { '/': DRAWS + install(LINKS, `data-force-prefetch-ratio="${ratio}"`), ...named(...TEN) },
        routes: guideRoutes(),
      });
      await edge.whenPrefetched(...TEN);
      await seen(tab);
      const statuses = Object.values((await edge.log()).outcomes).flat();
      expect(statuses.filter((status) => status === 200)).toHaveLength(atOrigin);
      expect(statuses.filter((status) => status === 412)).toHaveLength(10 - atOrigin);
      expect(origin.targets.filter((target) => target !== '/')).toHaveLength(atOrigin);
    },
  );
});
