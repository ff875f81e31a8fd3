/** The end: how the service worker and what it has stored go away again (docs/uninstall.md). */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';
import type { Visit } from './support/visit';

/** How many workers and stores there are. */
const left = (tab: Visit): Promise<number[]> =>
  tab.page.evaluate(async () => [
    (await navigator.serviceWorker.getRegistrations()).length,
    (await caches.keys()).filter((name) => name.startsWith('prefetchrouter-')).length,
  ]);

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  async function visit() {
    const visited = await visitSite(browser(), {
      pages: {
        '/': withInstall('<a href="/pages/1">1</a>'),
        '/plain': '<h1>plain</h1>',
        ...keptPages('/pages/1'),
      },
    });
    await visited.tab.controlled();
    await visited.tab.stored('/pages/1');
    return visited;
  }

  it('a page with uninstall.js removes the worker, and other caches stay', async () => {
    const { site, tab } = await visit();
    await tab.page.evaluate(() => caches.open('of the site').then(() => undefined));
    site.deploy({ pages: { '/': '<script src="/__edgio__/prefetch/uninstall.js"></script>' } });
    await tab.page.goto(site.url());
    await expect.poll(() => left(tab)).toEqual([0, 0]);
    expect(await tab.page.evaluate(() => caches.keys())).toEqual(['of the site']);
  });

  it('in the place of the worker it does so at the next visit of any page', async () => {
    const { site, tab } = await visit();
    site.deploy({ inPlaceOfWorker: 'uninstall.js' });
    await tab.page.goto(site.url('/plain'));
    // Browsers look for a new worker after a navigation, some of them later than others.
    await tab.page.evaluate(() => void navigator.serviceWorker.ready.then((found) => found.update()));
    await expect.poll(() => left(tab)).toEqual([0, 0]);
    await tab.page.goto(site.url('/pages/1'));
    expect(site.visits('/pages/1')).toHaveLength(1);
  });
});
