/** The guide's page of links behind each engine: which requests are sent, what is stored, what origins see. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUTOMATIC, INCLUDING_MISSES } from '../fixtures/guide';
import { BROWSERS, INSECURE_HOST } from '../support/browsers';
import { launchAround } from '../support/session';
import { guideRoutes, openTab, startBehind, visitBehind, type Website } from './support/behind';
import { ENGINES } from './support/edge';
import { fetched, install, named, seen } from './support/pages';

const PATHS = ['/pages/1', '/pages/2', '/pages/3'];
const PAGES = { '/': AUTOMATIC, ...named(...PATHS) };
const GUIDE: Website = { pages: PAGES, routes: guideRoutes(), opened: PATHS };

/** Ten draws, spread evenly from 0 to 1, in place of chance. */
const DRAWS = '<script>let draws = 0; Math.random = () => (draws++ % 10) / 10 + 0.05;</script>';

const ARTICLES = '.match("/articles/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})';

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  describe.each(ENGINES)('behind %s', (engine) => {
    it('its three links are prefetched from the edge, each once, and a click needs neither edge nor origin', async () => {
      const { edge, origin, tab } = await visitBehind(browser(), { ...GUIDE, engine });
      await tab.stored(...PATHS);
      const { outcomes, prefetches } = await edge.log();
      expect(outcomes).toEqual({ '/pages/1': [200], '/pages/2': [200], '/pages/3': [200] });
      expect(prefetches.map(({ prefetch }) => prefetch)).toEqual(['hit', 'hit', 'hit']);
      expect(origin.targets).toEqual(['/']);
      expect(tab.console).toEqual([]);

      await origin.stop();
      expect(await edge.stop()).toBe(0);
      expect(await tab.follow('/pages/2')).toBe('/pages/2');
    });

    it('exactly the visible links that the rules make prefetchable are requested', async () => {
      const routes = guideRoutes(`
    .match("/edge-only/:id", caching={"max_age": "1h"})
    .match("/browser-only/:id", caching={"service_worker_max_age": "1h"})
    .match("/secret/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"},
           comment="cache-manifest-ignore")
    .match("/pages/live", caching={"bypass_cache": True})`);
      const others = [
        '/edge-only/1',
        '/browser-only/1',
        '/secret/1',
        '/pages/live',
        '/pages/1/more',
        '/about',
      ];
      const links = [...others, `http://${INSECURE_HOST}/pages/2`, ...PATHS].map(
        (href) => `<a href="${href}">${href}</a> `,
      );
      const low = '<div style="height: 5000px"></div><a id="low" href="/pages/low">low</a>';
      const { edge, origin, tab } = await visitBehind(browser(), {
        engine,
        pages: { ...PAGES, '/': install(`${links.join('')}${low}`), ...named(...others, '/pages/low') },
        routes,
        opened: [...PATHS, ...others, '/pages/low'],
      });
      await tab.stored(...PATHS);
      await seen(tab);
      expect((await edge.log()).prefetched).toEqual(PATHS);
      await tab.page.$eval('#low', (link) => link.scrollIntoView());
      await tab.stored('/pages/low');
      expect((await edge.log()).prefetched).toEqual([...PATHS, '/pages/low']);
      expect(origin.targets).toEqual(['/']);
    });

    it('what the edge does not hold gets 412, is not stored, and costs the origin nothing until a visit', async () => {
      const { edge, origin, tab } = await visitBehind(browser(), { ...GUIDE, engine, opened: ['/pages/2'] });
      await tab.stored('/pages/2');
      await edge.whenPrefetched('/pages/1', '/pages/3');
      await seen(tab);
      const { outcomes } = await edge.log();
      expect(outcomes).toEqual({ '/pages/1': [412], '/pages/2': [200], '/pages/3': [412] });
      expect([await tab.holds('/pages/1'), await tab.holds('/pages/3')]).toEqual([false, false]);
      expect(origin.targets).toEqual(['/']);

      await edge.visited('/pages/1');
      const next = await openTab(browser(), edge);
      await next.stored('/pages/1');
      expect((await edge.log()).outcomes['/pages/1']).toEqual([412, 200]);
      expect(origin.targets.filter((target) => target !== '/')).toEqual(['/pages/1']);
    });

    it('a stored page is answered by the worker for the time that the rule says, then by the edge', async () => {
      const { edge, tab } = await visitBehind(browser(), { ...GUIDE, engine, routes: guideRoutes('', '3s') });
      await tab.stored('/pages/1');
      expect(await fetched(tab, '/pages/1')).toContain('<h1>/pages/1</h1>');
      expect((await edge.log()).visits('/pages/1')).toEqual([]);

      await tab.page.evaluate(() => void setInterval(() => void fetch('/pages/1'), 50));
      const log = await edge.when((told) => told.visits('/pages/1').length > 0);
      const [visit] = log.visits('/pages/1');
      const prefetch = log.prefetches.find(({ target }) => target === '/pages/1');
      const seconds = (Date.parse(visit?.time ?? '') - Date.parse(prefetch?.time ?? '')) / 1000;
      expect(seconds).toBeGreaterThan(2.9);
    });

    it('data-include-cache-misses="true" fetches what the edge does not hold, once, and the edge keeps it', async () => {
      const { edge, origin, tab } = await visitBehind(browser(), {
        engine,
        pages: { '/': INCLUDING_MISSES, ...named(...PATHS) },
        routes: guideRoutes(),
        opened: ['/pages/2'],
      });
      await tab.stored(...PATHS);
      expect((await edge.log()).outcomes).toEqual({
        '/pages/1': [200],
        '/pages/2': [200],
        '/pages/3': [200],
      });
      expect(origin.targets).toEqual(['/', '/pages/1', '/pages/3']);
      if (engine !== 'embedded') return; // others have no page that lists stored responses
      const { stored } = (await edge.json('cache')) as { stored: { key: string[] }[] };
      expect(stored.map(({ key }) => key[0]).sort()).toEqual(
        PATHS.map((path) => expect.stringMatching(`${path}$`)),
      );
    });

    it('data-force-prefetch-ratio is the share of misses that reach the origin', async () => {
      const ratios = ['0', '0.5', '1'];
      const ten = (ratio: string): string[] => Array.from({ length: 10 }, (_, n) => `/pages/${ratio}-${n}`);
      const page = (ratio: string): string => {
        const links = ten(ratio).map((path) => `<a href="${path}">${path}</a> `);
        return DRAWS + install(links.join(''), `data-force-prefetch-ratio="${ratio}"`);
      };
      const { edge, origin } = await startBehind({
        engine,
        pages: {
          ...Object.fromEntries(ratios.map((ratio) => [`/${ratio}`, page(ratio)])),
          ...named(...ratios.flatMap(ten)),
        },
        routes: guideRoutes(),
      });
      const counted: [string, number, number][] = [];
      for (const ratio of ratios) {
        const tab = await openTab(browser(), edge, `/${ratio}`);
        await edge.whenPrefetched(...ten(ratio));
        await seen(tab);
        const { prefetches } = await edge.log();
        const own = prefetches.filter(({ target }) => ten(ratio).includes(target));
        const refused = own.filter(({ status }) => status === 412);
        counted.push([
          ratio,
          refused.length,
          origin.targets.filter((target) => ten(ratio).includes(target)).length,
        ]);
      }
      expect(counted).toEqual([
        ['0', 10, 0],
        ['0.5', 5, 5],
        ['1', 0, 10],
      ]);
    });
  });

  it('changed rules count from the next page view on; wrong ones are reported, and change nothing', async () => {
    const { edge, folder, tab } = await visitBehind(browser(), {
      pages: {
        '/': install('<a href="/articles/1">article</a> <a href="/pages/1">page</a>'),
        ...named('/articles/1', '/pages/1'),
      },
      routes: guideRoutes(),
      opened: ['/articles/1', '/pages/1'],
      reloads: true,
    });
    await tab.stored('/pages/1');
    await seen(tab);
    expect((await edge.log()).prefetched).toEqual(['/pages/1']);

    writeFileSync(join(folder, 'routes.py'), guideRoutes(ARTICLES));
    await edge.whenTold('changed');
    await edge.visited('/articles/1');
    await tab.page.reload();
    await tab.stored('/articles/1');
    expect((await edge.log()).outcomes).toEqual({ '/pages/1': [200], '/articles/1': [200] });

    writeFileSync(
      join(folder, 'routes.py'),
      guideRoutes('.match("/articles/:id", caching={"max_age": "1hr"})'),
    );
    await edge.whenTold('wrong');
    expect(JSON.stringify(edge.events.at(-1))).toContain('1hr');
    const manifest = await fetch(edge.url('/__edgio__/cache-manifest.js'));
    expect(await manifest.text()).toContain('/articles/:id');
  });
});
