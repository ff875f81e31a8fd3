/** The guide's pages, copied as they are, in real browsers. */
import { describe, expect, it } from 'vitest';
import { AUTOMATIC, INCLUDING_MISSES, MANUAL, PINNED, REGISTERING } from './fixtures/guide';
import { BROWSERS } from './support/browsers';
import { keptPages, PIXEL } from './support/pages';
import { launchAround, visitSite } from './support/session';
import type { SiteOptions } from './support/site';

const NAVIGATION = keptPages('/pages/1', '/pages/2', '/pages/3');

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const visit = (options: SiteOptions): ReturnType<typeof visitSite> => visitSite(browser(), options);

  it.each([
    ['the latest', REGISTERING],
    ['a pinned', PINNED],
  ])('%s install script registers a worker that controls the page', async (_, page) => {
    const { tab } = await visit({ pages: { '/': page } });
    await tab.controlled();
    expect(await tab.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toMatch(
      /\/__edgio__service_worker_v[\d.]+\.js$/,
    );
  });

  it('the page of automatic prefetching prefetches its three links, each once, and nothing else', async () => {
    const { site, tab } = await visit({ pages: { '/': AUTOMATIC, ...NAVIGATION } });
    await tab.stored('/pages/1', '/pages/2', '/pages/3');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2', '/pages/3']);
    expect(tab.console).toEqual([]);
    expect(site.requests.filter((request) => request.prefetch).every((request) => request.cachedOnly)).toBe(
      true,
    );
  });

  it('a click on a prefetched link is answered without the network', async () => {
    const { site, tab } = await visit({ pages: { '/': AUTOMATIC, ...NAVIGATION } });
    await tab.stored('/pages/2');
    expect(await tab.follow('/pages/2')).toBe('/pages/2');
    expect(site.visits('/pages/2')).toEqual([]);
  });

  it('a page that the edge does not hold is refused, spares the origin, and is still there on click', async () => {
    const { site, tab } = await visit({
      pages: { '/': AUTOMATIC, ...NAVIGATION },
      cached: ['/', '/pages/1', '/pages/2'],
    });
    await site.whenPrefetched('/pages/3');
    await tab.stored('/pages/1', '/pages/2');
    expect(site.atOrigin).toEqual([]);
    expect(await tab.follow('/pages/3')).toBe('/pages/3');
    expect(site.atOrigin).toEqual(['/pages/3']);
  });

  it('data-include-cache-misses="true" lets a miss reach the origin', async () => {
    const { site, tab } = await visit({ pages: { '/': INCLUDING_MISSES, ...NAVIGATION }, cached: ['/'] });
    await tab.stored('/pages/1', '/pages/2', '/pages/3');
    expect(site.atOrigin.sort()).toEqual(['/pages/1', '/pages/2', '/pages/3']);
  });

  it('the page of manual prefetching fetches its two images, and uses them without the network', async () => {
    const images = { '/static/img/my-image.png': PIXEL, '/static/img/another-image.png': PIXEL };
    const { site, tab } = await visit({ pages: { '/': MANUAL, ...images }, rules: [] });
    await tab.stored(...Object.keys(images));
    expect(site.prefetched).toEqual(Object.keys(images).sort());
    await tab.append('<img id="shown" src="/static/img/another-image.png">');
    await tab.until(() => document.querySelector<HTMLImageElement>('#shown')?.naturalWidth === 1);
    expect(site.visits('/static/img/another-image.png')).toEqual([]);
  });
});
