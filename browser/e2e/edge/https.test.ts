/** The edge over HTTPS, with its own certificate: for a site at its address, and for a site elsewhere. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { bundle } from '../support/bundle';
import { script } from '../support/pages';
import { launchAround } from '../support/session';
import { Visit } from '../support/visit';
import { guideRoutes, startBehind, visitBehind } from './support/behind';
import { install, named } from './support/pages';

const LINKS = '<a href="/pages/1">1</a> <a href="/pages/2">2</a>';
const PAGES = named('/pages/1', '/pages/2');

/** What a CDN on another host has to allow, so that the site's worker can read its responses. */
const SHARED = guideRoutes(`.always(
        headers={
            "set_response_headers": {
                "access-control-allow-origin": "*",
                "access-control-expose-headers": "x-sw-cache-control",
            }
        }
    )`);

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name, { acceptsCertificates: true });

  it('who trusts its authority trusts it, its worker runs, and a click needs no network', async () => {
    const { edge, origin, tab } = await visitBehind(browser(), {
      pages: { '/': install(LINKS), ...PAGES },
      routes: guideRoutes(),
      options: ['--https'],
      opened: ['/pages/1'],
    });
    expect(edge.url()).toMatch(/^https:/);
    await tab.stored('/pages/1');
    const { outcomes } = await edge.whenPrefetched('/pages/2');
    expect(outcomes).toEqual({ '/pages/1': [200], '/pages/2': [412] });
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect((await edge.log()).visits('/pages/1')).toEqual([]);
    expect(origin.targets).toEqual(['/']);
  });

  it('a site that is served elsewhere prefetches from it as its cacheHost', async () => {
    const { edge, origin } = await startBehind({
      pages: PAGES,
      routes: SHARED,
      options: ['--https'],
      opened: ['/pages/1'],
    });
    const cacheHost = JSON.stringify(new URL(edge.url()).host);
    const app = `
      import { install } from 'prefetchrouter/window';
      install({ cacheHost: ${cacheHost}, prefetchPatterns: [/^\\/pages\\//] });`;
    const worker = `
      import { Prefetcher } from 'prefetchrouter/sw';
      self.skipWaiting();
      self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
      new Prefetcher({ cacheHost: ${cacheHost} }).route();`;
    origin.pages = {
      ...PAGES,
      '/': `<!doctype html><h1>start</h1>${LINKS}<script src="/app.js"></script>`,
      '/app.js': script(await bundle({ source: app })),
      '/service-worker.js': script(await bundle({ source: worker })),
      '/__edgio__/cache-manifest.js': script('self.__EDGIO_CACHE_MANIFEST__ = { rules: [] };'),
    };
    const tab = await Visit.open(browser(), origin.url.replace('127.0.0.1', 'localhost'));
    onTestFinished(() => tab.close());
    await tab.stored('/pages/1');
    const { outcomes } = await edge.whenPrefetched('/pages/2');
    expect(outcomes).toEqual({ '/pages/1': [200], '/pages/2': [412] });
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(origin.targets).not.toContainEqual(expect.stringMatching('/pages/'));
  });
});
