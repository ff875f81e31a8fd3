/** The example shop behind `serve --example` and each engine, clicked through as its own pages say. */
import type { Browser } from 'puppeteer-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BROWSERS } from '../support/browsers';
import { launchAround } from '../support/session';
import { Visit } from '../support/visit';
import { Edge, ENGINES, type Engine } from './support/edge';

const TEA = '/products/2';
/** Varnish compiles its configuration first. */
const WITH_ENGINE_MS = 90_000;

/** Open the shop as a new visitor, in a window where eight teas are in sight. */
async function enter(browser: Browser, edge: Edge): Promise<Visit> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const tab = await Visit.open(context, 'about:blank');
  await tab.page.setViewport({ width: 1000, height: 800 });
  await tab.page.goto(edge.url('/'), { waitUntil: 'domcontentloaded' });
  return tab;
}

/** Wait until the overlay shows that many links in a state. */
const shows = (tab: Visit, state: string, count: number, href = ''): Promise<void> =>
  tab.until(
    (selector, wanted) => document.querySelectorAll(selector).length === wanted,
    `a[href^="${href}"][data-prefetch-state="${state}"]`,
    count,
  );

const headed = (tab: Visit, heading: string): Promise<void> =>
  tab.until((wanted) => document.querySelector('h1')?.textContent === wanted, heading);

/** Follow a link; puppeteer loses count of pages that Firefox shows again, so the heading is waited for. */
async function open(tab: Visit, href: string, heading: string): Promise<void> {
  await tab.page.evaluate(
    (target) => document.querySelector<HTMLElement>(`main a[href="${target}"]`)?.click(),
    href,
  );
  await headed(tab, heading);
}

async function goBack(tab: Visit): Promise<void> {
  await tab.page.evaluate(() => void setTimeout(() => history.back()));
  await headed(tab, 'Tea, and how it got here');
}

/** What the overlay's panel says. */
const panelSays = (tab: Visit, text: string): Promise<void> =>
  tab.until(
    (wanted) =>
      document.querySelector('prefetch-overlay')?.shadowRoot?.textContent?.includes(wanted) ?? false,
    text,
  );

async function atOrigin(edge: Edge): Promise<string[]> {
  const { origin_requests } = (await edge.json('origin')) as { origin_requests: { url: string }[] };
  return origin_requests.map(({ url }) => url);
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name, { keepsPages: true });

  async function shop(
    options: string[] = [],
    engine: Engine = 'embedded',
  ): Promise<{ edge: Edge; tab: Visit }> {
    const words = ['examples/routes.py', '--example', '--no-reload', ...options];
    const edge = await Edge.start(words, undefined, engine);
    onTestFinished(async () => void (await edge.stop()));
    return { edge, tab: await enter(browser(), edge) };
  }

  it('every link in sight is green on the first visit, and a click on one needs no network', async () => {
    const { edge, tab } = await shop();
    await shows(tab, 'prefetch', 8, '/products/');
    await open(tab, TEA, 'Stone Terrace');
    await panelSays(tab, "Page from the worker's store");
    const log = await edge.log();
    expect(log.visits(TEA)).toEqual([]);
    expect(log.requests.filter(({ status }) => status >= 400)).toEqual([]);
    expect(tab.console).toEqual([]);
  });

  it.each(ENGINES)(
    'behind %s without warming: red on the first visit, green when one has been opened, blue when it was used',
    { timeout: WITH_ENGINE_MS },
    async (engine) => {
      const { edge, tab } = await shop(['--no-warm'], engine);
      await shows(tab, 'refused', 8, '/products/');
      expect((await edge.log()).prefetches.map(({ status }) => status)).toEqual(Array(8).fill(412));
      if (engine === 'embedded') {
        expect((await atOrigin(edge)).filter((url) => url.includes('/products/'))).toEqual([]);
      }

      // A visit that the worker sees is kept in its store, so no prefetch of it follows.
      await tab.until(() => navigator.serviceWorker.controller !== null);
      await open(tab, TEA, 'Stone Terrace');
      await tab.until(() => /^\d+ tins$/.test(document.querySelector('[data-stock]')?.textContent ?? ''));
      await goBack(tab);
      await shows(tab, 'prefetch', 1, TEA);

      await open(tab, TEA, 'Stone Terrace');
      await panelSays(tab, "Page from the worker's store");
      expect((await edge.log()).visits(TEA)).toHaveLength(1);
      await goBack(tab);
      await shows(tab, 'hit', 1, TEA);

      const other = await enter(browser(), edge);
      await shows(other, 'prefetch', 1, TEA);
      expect((await edge.log()).outcomes[TEA]).toEqual([412, 200]);
      for (const { console } of [tab, other]) {
        expect(console.filter((line) => !line.includes('412'))).toEqual([]);
      }
    },
  );

  it.each(name === 'chromium' ? ENGINES : (['embedded'] as const))(
    'behind %s scrolling asks for more, signing in goes past the cache, and nothing fails',
    { timeout: WITH_ENGINE_MS },
    async (engine) => {
      const { edge, tab } = await shop(['--no-warm'], engine);
      await shows(tab, 'refused', 8, '/products/');
      expect((await edge.log()).prefetched.filter((target) => target.startsWith('/pages/'))).toEqual([]);
      await tab.page.$eval('#places', (heading) => heading.scrollIntoView());
      await shows(tab, 'refused', 6, '/pages/');
      await tab.page.$eval('#blog', (heading) => heading.scrollIntoView());
      await shows(tab, 'refused', 3, '/blog/');
      expect((await edge.log()).prefetched).not.toContain('/blog/water?preview=1');

      await tab.page.evaluate(() => document.querySelector<HTMLElement>('#session')?.click());
      await tab.until(() => document.querySelector('#session')?.textContent === 'Sign out');
      expect((await edge.log()).visits('/').at(-1)?.cache).toBe('pass');

      // Leaving a page ends the load of its scripts, which Firefox logs on the console.
      const hasRules = () => '__EDGIO_PREFETCHABLE__' in window;
      await tab.until(hasRules);
      await tab.page.goto(edge.url('/shop/1'));
      expect(await tab.heading()).toBe('Morning Kettle');
      await tab.until(hasRules);
      await tab.page.goto(edge.url('/how-it-works'));
      const statuses = (await edge.log()).requests.map(({ status }) => status);
      expect(statuses.filter((status) => ![200, 301, 304, 412].includes(status))).toEqual([]);
      expect(tab.console.filter((line) => !line.includes('412'))).toEqual([]);
    },
  );

  it('the page of requests shows them as they come, each with its explanation', async () => {
    const { edge, tab } = await shop(['--no-warm']);
    const watching = await Visit.open(browser(), edge.page('/__edgio__/requests'));
    onTestFinished(() => watching.close());
    await tab.page.bringToFront();
    await shows(tab, 'refused', 8, '/products/');
    await watching.page.bringToFront();
    const rows = 'tbody tr a[title*="/products/2?"]';
    await watching.until((selector) => document.querySelector(selector), rows);
    const row = await watching.page.$eval(rows, (link) => link.closest('tr')?.textContent ?? '');
    expect(row).toMatch(/\/products\/2.*412.*refused.*none.*examples\/routes\.py:39 \+2/s);
    await watching.page.click(rows);
    await watching.until(() => document.querySelector('h1')?.textContent?.includes('/products/2'));
    const said = await watching.page.$eval('main', (main) => main.textContent ?? '');
    expect(said).toContain('is refused with 412');
    expect(said).toContain('examples/routes.py:39');
    await watching.page.goto(edge.page('/__edgio__/cache'));
    expect(await watching.page.$eval('main', (main) => main.textContent ?? '')).toContain(
      '/images/tea-2.svg',
    );
    expect(watching.console).toEqual([]);
  });
});
