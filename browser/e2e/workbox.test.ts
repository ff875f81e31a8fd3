/** The guide's sample service worker, bundled with real Workbox: precaching and prefetching in one worker. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { bundle } from './support/bundle';
import { keptPage, keptPages, script } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';
import type { Answer, Arrived } from './support/site';

const APP = `
  import { install, prefetch } from 'prefetchrouter/window';

  document.addEventListener('DOMContentLoaded', () => {
    install({
      /* install options */
    });
  });
  window.prefetch = prefetch;
`;

async function sampleSite(): Promise<VisitOptions> {
  const worker = await bundle({ file: 'examples/workbox/service-worker.js' }, [
    { url: '/precached.css', revision: '1' },
    { url: '/precached.html', revision: '1' },
  ]);
  return {
    pages: {
      '/': `<!doctype html><h1>start</h1><a href="/pages/1">1</a><script>${await bundle({ source: APP })}</script>`,
      '/service-worker.js': script(worker),
      '/precached.css': { headers: { 'content-type': 'text/css' }, body: 'h1 { color: rgb(1, 2, 3) }' },
      ...keptPages('/precached.html', '/pages/1'),
    },
  };
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('the worker of the guide precaches', async () => {
    const { site, tab } = await visitSite(browser(), await sampleSite());
    await tab.controlled();
    const fetched = site.visits('/precached.css').length;
    await tab.append('<link rel="stylesheet" href="/precached.css">');
    await tab.until(() => getComputedStyle(document.querySelector('h1') as Element).color === 'rgb(1, 2, 3)');
    expect([fetched, site.visits('/precached.css').length]).toEqual([1, 1]);
  });

  it('the worker of the guide prefetches, and a click needs no request', async () => {
    const { site, tab } = await visitSite(browser(), await sampleSite());
    await tab.stored('/pages/1');
    expect(site.prefetched).toEqual(['/pages/1']);
    await tab.follow('/pages/1');
    expect(site.visits('/pages/1')).toEqual([]);
  });

  it('a precached page comes from there, whatever a prefetch has brought', async () => {
    const sample = await sampleSite();
    const page = ({ prefetch }: Arrived): Answer => keptPage(prefetch ? 'prefetched' : 'precached');
    const { tab } = await visitSite(browser(), {
      ...sample,
      pages: { ...sample.pages, '/precached.html': page },
    });
    await tab.controlled();
    await tab.page.evaluate(`prefetch('/precached.html')`);
    expect(await tab.holds('/precached.html')).toBe(true);
    await tab.append('<a href="/precached.html">precached</a>');
    await tab.follow('/precached.html');
    expect(await tab.page.$eval('h1', (title) => title.textContent)).toBe('precached');
  });
});
