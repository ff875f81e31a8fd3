/** Prefetches that the browser makes by itself: the edge holds them back, and the link works all the same. */
import { expect, it } from 'vitest';
import { launchAround } from '../support/session';
import { guideRoutes, openTab, startBehind } from './support/behind';
import type { Edge } from './support/edge';
import { named } from './support/pages';

const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
const browser = launchAround('chromium');

/** A page with one link, and what makes Chromium load its target ahead. */
function page(ahead: string) {
  return {
    headers: HTML,
    body: `<!doctype html><title>start</title>${ahead}<a id="go" href="/pages/1">go</a>`,
  };
}

const rules = (how: string) =>
  `<script type="speculationrules">{"${how}":[{"urls":["/pages/1"],"eagerness":"immediate"}]}</script>`;
const WAYS = [
  { way: 'a link prefetch', ahead: '<link rel="prefetch" href="/pages/1">', told: 'prefetch' },
  { way: 'a Speculation Rules prefetch', ahead: rules('prefetch'), told: 'prefetch' },
  { way: 'a prerender', ahead: rules('prerender'), told: 'prerender' },
];

async function announced(edge: Edge): Promise<[string, number][]> {
  for (let tries = 0; tries < 100; tries++) {
    const found = (await edge.log()).foreign('/pages/1');
    if (found.length) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no prefetch came');
}

for (const { way, ahead, told } of WAYS) {
  it(`${way} of what is not stored gets 503, costs the origin nothing, and the click works`, async () => {
    const pages = { '/': page(ahead), ...named('/pages/1') };
    const { edge, origin } = await startBehind({ pages, routes: guideRoutes() });
    const tab = await openTab(browser(), edge);
    expect((await announced(edge)).every(([by, status]) => by === told && status === 503)).toBe(true);
    expect(origin.targets).toEqual(['/']);
    await Promise.all([tab.page.waitForNavigation(), tab.page.click('#go')]);
    expect(await tab.page.title()).toBe('/pages/1');
    expect(origin.targets).toEqual(['/', '/pages/1']);
  });

  it(`${way} of what is stored gets it, and the origin hears nothing`, async () => {
    const pages = { '/': page(ahead), ...named('/pages/1') };
    const { edge, origin } = await startBehind({ pages, routes: guideRoutes(), opened: ['/pages/1'] });
    await openTab(browser(), edge);
    expect((await announced(edge))[0]).toEqual([told, 200]);
    expect(origin.targets).toEqual(['/']);
  });
}

it('together with the parameter of the script it is the script that asks', async () => {
  const ahead = '<link rel="prefetch" href="/pages/1?edgio_dt_pf=1&edgio_prefetch=1">';
  const { edge, origin } = await startBehind({
    pages: { '/': page(ahead), ...named('/pages/1') },
    routes: guideRoutes(),
  });
  await openTab(browser(), edge);
  await edge.whenPrefetched('/pages/1');
  const log = await edge.log();
  expect([log.outcomes, log.foreign('/pages/1')]).toEqual([{ '/pages/1': [412] }, []]);
  expect(origin.targets).toEqual(['/']);
});
