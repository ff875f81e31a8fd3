/** `data-measure` and `data-control`: one beacon for each page view, with true values, in real browsers. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MeasuredView } from '../../src/core/pageTypes';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import type { Visit } from '../support/visit';
import { type Behind, guideRoutes, visitBehind } from './support/behind';
import { install, named } from './support/pages';

const LINKS =
  '<a href="/pages/1">1</a> <a href="/pages/2">2</a> <a href="/pages/3">3</a> <a href="/other">o</a>';
const PATIENCE_MS = 15_000;

/** A page that measures itself and leads to the others. */
const measured = (title: string, attributes = '') =>
  install(`<p>${title}</p>${LINKS}`, `data-measure="/__edgio__/view" ${attributes}`);

/** Waits until the edge has kept that many beacons, and returns them. */
async function beacons({ folder }: Behind, count: number): Promise<MeasuredView[]> {
  const file = join(folder, 'beacons.jsonl');
  const read = (): MeasuredView[] =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  await expect.poll(() => read().length, { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(count);
  return read();
}

/** Waits until the page has measured something, so that leaving it sends a beacon. */
const isMeasuring = (tab: Visit): Promise<void> =>
  tab.until(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/measure.js')));

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  const visit = (attributes = '') =>
    visitBehind(browser(), {
      pages: {
        '/': measured('start', attributes),
        '/pages/1': measured('one', attributes),
        '/other': measured('other', attributes),
        ...named('/pages/2', '/pages/3'),
      },
      routes: guideRoutes(),
      opened: ['/pages/1', '/pages/2'],
      options: ['--beacons', 'FOLDER/beacons.jsonl'],
    });

  it('says where pages came from, and which prefetches were made, used and refused', async () => {
    const site = await visit();
    const { edge, tab } = site;
    await edge.whenPrefetched('/pages/1', '/pages/2', '/pages/3');
    await tab.stored('/pages/1', '/pages/2');
    await isMeasuring(tab);
    await tab.follow('/pages/1');
    await isMeasuring(tab);
    await tab.until(() => document.querySelector('a[href="/other"]') !== null);
    await tab.follow('/other');
    const [start, one] = await beacons(site, 2);
    expect(start).toMatchObject({
      group: '',
      browser: name,
      source: 'network',
      navigation: 'arrival',
      rule: '',
      rules: [{ rule: '/pages/:id', prefetched: 2, used: 0, refused: 1 }],
    });
    expect(one).toMatchObject({ browser: name, source: 'store', navigation: 'click', rule: '/pages/:id' });
    const [counted] = one?.rules.filter(({ rule }) => rule === '/pages/:id') ?? [];
    expect(counted).toMatchObject({ used: 1 });
    expect(start?.ttfb).toBeGreaterThan(0);
    // A page in the background paints nothing.
    if (start?.lcp !== undefined) expect(start.lcp).toBeGreaterThanOrEqual(start.ttfb ?? 0);
  });

  it('prefetches nothing in the control group, which stays the same from page to page', async () => {
    const site = await visit('data-control="1"');
    const { edge, tab } = site;
    await isMeasuring(tab);
    const drawn = await tab.page.evaluate(() => localStorage.edgio_group);
    await tab.follow('/other');
    await isMeasuring(tab);
    expect(await tab.page.evaluate(() => localStorage.edgio_group)).toBe(drawn);
    await tab.page.evaluate(() =>
      (window as unknown as { Edgio: { prefetch: (url: string) => unknown } }).Edgio.prefetch('/pages/2'),
    );
    await tab.follow('/pages/1');
    const found = await beacons(site, 2);
    expect(found.slice(0, 2)).toEqual([
      expect.objectContaining({
        group: 'control',
        share: 1,
        source: 'network',
        navigation: 'arrival',
        rules: [],
      }),
      expect.objectContaining({
        group: 'control',
        share: 1,
        source: 'network',
        navigation: 'click',
        rules: [],
      }),
    ]);
    expect((await edge.log()).prefetched).toEqual([]);
    expect(
      await tab.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
    ).toBe(0);
  });

  it('hands a view to a function, once, and sends nothing', async () => {
    const { tab, edge } = await visitBehind(browser(), {
      pages: {
        '/': install(
          `${LINKS}<script>globalThis.Edgio = {}; document.addEventListener('DOMContentLoaded', () => Edgio.configure({
             measure: (view) => { localStorage.views = (localStorage.views ?? '') + JSON.stringify(view) + '\\n'; } }))</script>`,
        ),
        '/other': '<!doctype html><title>other</title><h1>other</h1>',
      },
      routes: guideRoutes(),
    });
    await isMeasuring(tab);
    await tab.follow('/other');
    const views = await tab.page.evaluate(() => localStorage.views ?? '');
    expect(
      views
        .trim()
        .split('\n')
        .map((line: string) => JSON.parse(line)),
    ).toEqual([expect.objectContaining({ source: 'network', navigation: 'arrival', rule: '' })]);
    const sent = (await edge.json('requests')) as { requests: { url: string }[] };
    expect(sent.requests.filter(({ url }) => url.includes('edgio_view'))).toEqual([]);
  });
});
