/** Page and worker built from modules: the guide's examples as they are, and options. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { bundle } from './support/bundle';
import { MOVABLE_CLOCK, moveClock } from './support/clock';
import { json, keptPages, PIXEL, script, withInstall } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';

const START = '<!doctype html><h1>start</h1><p><a href="/pages/1">1</a></p><p><a href="/pages/2">2</a></p>';

const HOVER = `
  import { install, prefetch } from 'prefetchrouter/window';

  document.addEventListener('DOMContentLoaded', () => {
    install({
      /* install options */
    });

    // prefetch URLs when the user hovers over them
    document.addEventListener('mouseover', (e) => {
      if (e.target.tagName === 'A') {
        prefetch(e.target.getAttribute('href'));
      }
    });
  });
`;

const WATCH = `
  import { install, prefetch } from 'prefetchrouter/window';

  // install the service worker
  document.addEventListener('DOMContentLoaded', () => {
    install({
      watch: [
        {
          selector: 'a[href^="/"]',
          callback: (el) => {
            prefetch(el.getAttribute('href'));
          },
        },
        {
          selector: 'link[href^="/"]',
          callback: (el) => {
            prefetch(el.getAttribute('href'));
          },
        },
      ],
    });
  });
`;

const MISSES = `
  import install from 'prefetchrouter/window/install';

  // Call the following once when the page loads to allow prefetch requests to be served when responses
  // aren't available in the edge cache:
  install({includeCacheMisses: true});
`;

const TEN_MINUTES = `
  const prefetcher = new Prefetcher({defaultMaxAgeSeconds: 60 * 10}); // set the local cache TTL to 10 minutes
  prefetcher.route();
`;

/** An app that installs with these options, and leaves `prefetch` and `install` to the test. */
const appWith = (options: string): string => `
  import { install, prefetch } from 'prefetchrouter/window';
  Object.assign(window, { prefetch, seen: [], Edgio: { install } });
  install(${options});
`;

/** A site with an app and a worker made of these lines. */
async function site(app: string, worker = 'new Prefetcher().route();'): Promise<VisitOptions> {
  const source = `
    import { Prefetcher } from 'prefetchrouter/sw';
    self.skipWaiting();
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
    ${worker}`;
  return {
    rules: [],
    pages: {
      '/': `${START}<script>${await bundle({ source: app })}</script>`,
      '/service-worker.js': script(MOVABLE_CLOCK + (await bundle({ source }))),
      ...keptPages('/pages/1', '/pages/2'),
    },
  };
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const visit = async (options: VisitOptions): ReturnType<typeof visitSite> => {
    const visited = await visitSite(browser(), options);
    await visited.tab.controlled();
    return visited;
  };

  it("the guide's prefetching on hover", async () => {
    const { site: shop, tab } = await visit(await site(HOVER));
    await tab.page.hover('a[href="/pages/2"]');
    await tab.stored('/pages/2');
    expect(shop.prefetched).toEqual(['/pages/2']);
  });

  it("the guide's prefetching by visibility", async () => {
    const { site: shop, tab } = await visit(await site(WATCH));
    await tab.stored('/pages/1', '/pages/2');
    expect(shop.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it("the guide's includeCacheMisses lets misses reach the origin", async () => {
    const rules = [
      {
        if: [
          { '==': [{ request: 'path' }, '/pages/1'] },
          { caching: { max_age: '1h', service_worker_max_age: '1h' } },
        ],
      },
    ];
    const { site: shop, tab } = await visit({ ...(await site(MISSES)), rules, cached: ['/'] });
    await tab.stored('/pages/1');
    expect(shop.atOrigin).toContain('/pages/1');
  });

  it("the guide's defaultMaxAgeSeconds keeps what says nothing for ten minutes", async () => {
    const options = await site(appWith('{}'), TEN_MINUTES);
    const { site: shop, tab } = await visit({
      ...options,
      pages: { ...options.pages, '/data': json(1, {}) },
    });
    await tab.page.evaluate(`prefetch('/data')`);
    await moveClock(tab, 595);
    await tab.page.evaluate(`fetch('/data')`);
    expect(shop.visits('/data')).toHaveLength(0);
    await moveClock(tab, 10);
    await tab.page.evaluate(`fetch('/data')`);
    expect(shop.visits('/data')).toHaveLength(1);
  });

  it('fault 21: cache() caches', async () => {
    const options = await site(appWith('{}'), 'new Prefetcher().cache(/\\/static\\//, 600).route();');
    const data = { '/static/a.json': json(1, {}), '/other.json': json(1, {}) };
    const { site: shop, tab } = await visit({ ...options, pages: { ...options.pages, ...data } });
    const fetchBoth = `Promise.all(['/static/a.json', '/other.json'].map((url) => fetch(url)))`;
    await tab.page.evaluate(fetchBoth);
    await tab.stored('/static/a.json');
    await tab.page.evaluate(fetchBoth);
    expect([shop.visits('/static/a.json').length, shop.visits('/other.json').length]).toEqual([1, 2]);
  });

  it('an app with the package, in a page that an edge has put the script tag into', async () => {
    const options = await site(`
      import { install, prefetch, stats } from 'prefetchrouter/window';
      Object.assign(window, { prefetch, stats });
      install();`);
    const tagged = `${options.pages?.['/']}${withInstall('', 'data-service-worker="/service-worker.js"')}`;
    const pages = { ...options.pages, '/': tagged, '/missing': { status: 503 } };
    const { tab } = await visit({ ...options, pages });
    await tab.page.evaluate('Promise.all([stats(), Edgio.stats()])');
    const outcomes = tab.page.evaluate(
      `Promise.all([prefetch('/pages/1'), Edgio.prefetch('/missing'), prefetch('/pages/2')])`,
    );
    expect(await outcomes).toEqual(['prefetched', 'refused', 'prefetched']);
  });

  it('skipAssets leaves images to the browser', async () => {
    const options = await site(appWith('{}'), 'new Prefetcher({ skipAssets: true }).route();');
    const { site: shop, tab } = await visit({ ...options, pages: { ...options.pages, '/a.png': PIXEL } });
    await tab.page.evaluate(`prefetch('/a.png')`);
    await tab.append('<img src="/a.png">');
    await tab.until(() => document.querySelector('img')?.naturalWidth === 1);
    expect(shop.visits('/a.png')).toHaveLength(1);
  });

  it('prefetchURLs are prefetched, and callbacks get the registration', async () => {
    const app = appWith(`{
      prefetchURLs: ['/pages/1', '/pages/2'],
      onServiceWorkerRegistered: (registration) => seen.push(registration.scope),
      onServiceWorkerStateChange: (registration) => seen.push(registration.scope),
    }`);
    const { site: shop, tab } = await visit(await site(app));
    await tab.stored('/pages/1', '/pages/2');
    expect(shop.prefetched).toEqual(['/pages/1', '/pages/2']);
    const seen = (await tab.page.evaluate('seen')) as string[];
    expect(seen.length).toBeGreaterThan(1);
    expect(new Set(seen)).toEqual(new Set([shop.url('/')]));
  });

  it('observe: { disabled: true } leaves out links that are added later', async () => {
    const app = appWith(
      '{ prefetchPatterns: [/pages/], observe: { disabled: true }, triggers: ["visible"] }',
    );
    const { site: shop, tab } = await visit(await site(app));
    await tab.stored('/pages/1', '/pages/2');
    await tab.append('<a href="/pages/3">3</a>');
    await tab.settled();
    expect(shop.prefetched).toEqual(['/pages/1', '/pages/2']);
  });
});
