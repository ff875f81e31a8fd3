/** `data-worker`: prefetches that the browser's own cache keeps, where it follows `No-Vary-Search`. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import type { Visit } from '../support/visit';
import { guideRoutes, visitBehind } from './support/behind';
import { install, named } from './support/pages';

const LINKS = '<a href="/pages/1">1</a> <a href="/pages/2">2</a>';

/** What `Edgio.states` has of a target. */
const state = (tab: Visit, target: string): Promise<unknown> =>
  tab.page.evaluate(
    (path) =>
      (window as unknown as { Edgio: { states: Map<string, string> } }).Edgio.states.get(
        location.origin + path,
      ),
    target,
  );

const registrations = (tab: Visit): Promise<number> =>
  tab.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

/** Chromium's cache follows the header since version 141, Firefox's since 154: ESR 153 is tested. */
describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const follows = name === 'chromium';

  const visit = (attributes: string) =>
    visitBehind(browser(), {
      pages: { '/': install(LINKS, attributes), ...named('/pages/1', '/pages/2') },
      routes: guideRoutes(),
      opened: ['/pages/1'],
    });

  it('auto: a click needs neither worker nor network, or there is a worker', async () => {
    const { edge, tab } = await visit('data-worker="auto"');
    await edge.whenPrefetched('/pages/1', '/pages/2');
    if (follows) await expect.poll(() => state(tab, '/pages/2')).toBe('refused');
    else await tab.stored('/pages/1');
    await expect.poll(() => state(tab, '/pages/1')).toBe('prefetch');
    expect(await registrations(tab)).toBe(follows ? 0 : 1);
    await edge.forget();
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect((await edge.log()).visits('/pages/1')).toEqual([]);
  });

  it('auto: where a rule keeps pages from the cache of browsers, there is a worker', async () => {
    const more =
      '.match("/own/:id", caching={"max_age": "1h", "service_worker_max_age": "1h", "bypass_client_cache": True})';
    const { edge, tab } = await visitBehind(browser(), {
      pages: { '/': install('<a href="/own/1">1</a>', 'data-worker="auto"'), ...named('/own/1') },
      routes: guideRoutes(more),
      opened: ['/own/1'],
    });
    await tab.stored('/own/1');
    await edge.forget();
    expect(await tab.follow('/own/1')).toBe('/own/1');
    expect((await edge.log()).visits('/own/1')).toEqual([]);
  });

  it('never: without such a cache nothing is prefetched, and one line says so', async () => {
    const { edge, tab } = await visit('data-worker="never"');
    await expect.poll(() => state(tab, '/pages/1')).toBe(follows ? 'prefetch' : 'refused');
    // Chromium has a line for each response with an error status, as for every 412.
    const lines = tab.console.filter((line) => !line.startsWith('Failed to load resource'));
    expect(lines).toEqual(follows ? [] : [expect.stringContaining('does not follow No-Vary-Search')]);
    expect(await registrations(tab)).toBe(0);
    if (!follows) expect((await edge.log()).prefetched).toEqual([]);
  });

  it('never: a worker of earlier visits is removed, with what it has stored', async () => {
    const { origin, edge, tab } = await visit('');
    await tab.stored('/pages/1');
    origin.pages['/'] = install(LINKS, 'data-worker="never"');
    await tab.page.goto(edge.url(), { waitUntil: 'domcontentloaded' });
    await expect.poll(() => registrations(tab)).toBe(0);
    await expect.poll(() => tab.page.evaluate(() => caches.keys())).toEqual([]);
  });
});
