/** A service worker of the site's own: it is never replaced, and can import ours. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, script, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';
import type { Visit } from './support/visit';

const OWN = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
self.addEventListener('fetch', (event) => {
  if (event.request.url.endsWith('/own')) event.respondWith(new Response('of the site'));
});`;

const REGISTER = '<script>navigator.serviceWorker.register("/sw.js")</script>';
const IMPORT = 'importScripts("/__edgio__service_worker_v0.1.0.js");\n';

const workers = (tab: Visit): Promise<string[]> =>
  tab.page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(
      ({ active, installing, waiting }) =>
        new URL((active ?? installing ?? waiting)?.scriptURL ?? '').pathname,
    ),
  );

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('stays, and one line says how to combine both', async () => {
    const { site, tab } = await visitSite(browser(), {
      pages: { '/': REGISTER, '/2': withInstall('<a href="/pages/1">1</a>'), '/sw.js': script(OWN) },
    });
    await tab.controlled();
    await tab.page.goto(site.url('/2'));
    await expect.poll(() => tab.console).toHaveLength(1);
    expect(tab.console[0]).toContain('data-service-worker="/sw.js"');
    expect(await workers(tab)).toEqual(['/sw.js']);
  });

  it('serves prefetches when it imports ours, and goes on with its own work', async () => {
    const { site, tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall('<a href="/pages/1">1</a>', 'data-service-worker="/sw.js"') + REGISTER,
        ...keptPages('/pages/1'),
        '/sw.js': script(OWN + IMPORT),
      },
    });
    await tab.controlled();
    await tab.stored('/pages/1');
    expect(await workers(tab)).toEqual(['/sw.js']);
    expect(await tab.page.evaluate(async () => (await fetch('/own')).text())).toBe('of the site');
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(site.visits('/pages/1')).toEqual([]);
    expect(tab.console).toEqual([]);
  });
});
