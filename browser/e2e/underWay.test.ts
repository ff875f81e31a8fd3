/** Requests for a URL whose prefetch is under way: one download, whoever started it. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPage, keptPages, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';
import type { Answer } from './support/site';
import { Visit } from './support/visit';

const LINK = '<a href="/pages/1">1</a>';
const BOUNDARY_PAGES = keptPages('/pages/1');

/** A promise, and the function that resolves it. */
function gate(): { open: Promise<void>; release: () => void } {
  let release!: () => void;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { open, release };
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  /** A page with a link whose target answers as told, with the prefetch under way. */
  async function underWay(answer: () => Answer | Promise<Answer>) {
    const pages = { '/': withInstall(''), '/list': withInstall(LINK), '/pages/1': answer };
    const { site, tab } = await visitSite(browser(), { pages, cached: ['/', '/list', '/pages/1'] });
    await tab.controlled();
    await tab.page.goto(site.url('/list'), { waitUntil: 'domcontentloaded' });
    await site.whenPrefetched('/pages/1');
    return { site, tab };
  }

  it.each(['head', 'second half of the body'])('a click before the %s gets that response', async (what) => {
    const { open, release } = gate();
    const page = keptPage('/pages/1');
    const { site, tab } = await underWay(async () => {
      if (what === 'head') await open;
      return { ...page, rest: open };
    });
    const clicked = tab.follow('/pages/1');
    await tab.page.waitForNetworkIdle({ idleTime: 200, concurrency: 9 });
    release();
    expect(await clicked).toBe('/pages/1');
    expect(site.asked('/pages/1')).toHaveLength(1);
  });

  /** The first page of a visit, with the prefetch of its link under way, and the worker in control. */
  async function firstView(answer: Answer) {
    const { site, tab } = await visitSite(browser(), {
      pages: { '/': withInstall(LINK), '/list': LINK, '/pages/1': answer },
      cached: ['/', '/list', '/pages/1'],
    });
    await site.whenPrefetched('/pages/1');
    await tab.controlled();
    // The page's message is there before the answer to this one.
    await tab.page.evaluate('Edgio.stats()');
    return { site, tab };
  }

  it.each([
    ['that browsers may cache', { 'cache-control': 'max-age=3600' }],
    ['that only the worker may store', {}],
  ])(
    'the first click of a visit gets the response that the page has requested, one %s',
    async (_, headers) => {
      const { open, release } = gate();
      const page = keptPage('/pages/1');
      const { site, tab } = await firstView({
        ...page,
        headers: { ...page.headers, ...headers },
        rest: open,
      });
      const clicked = tab.follow('/pages/1');
      await tab.page.waitForNetworkIdle({ idleTime: 200, concurrency: 9 });
      release();
      expect(await clicked).toBe('/pages/1');
      expect(site.asked('/pages/1')).toHaveLength(1);
    },
  );

  it('a script of the first page gets that response, too', async () => {
    const { open, release } = gate();
    const { site, tab } = await firstView({ ...keptPage('/pages/1'), rest: open });
    const text = tab.page.evaluate(async () => (await fetch('/pages/1')).text());
    release();
    expect(await text).toContain('<h1>/pages/1</h1>');
    expect(site.asked('/pages/1')).toHaveLength(1);
  });

  it.each(['is closed', 'is reloaded'])(
    'another tab does not wait for a first page that %s',
    async (what) => {
      const { site, tab } = await firstView({ ...keptPage('/pages/1'), rest: new Promise(() => undefined) });
      const other = await Visit.open(browser(), site.url('/list'));
      await other.controlled();
      site.deploy({ pages: { '/': 'left', '/list': LINK, '/pages/1': keptPage('/pages/1') } });
      const visited = other.page.goto(site.url('/pages/1'), { waitUntil: 'domcontentloaded' });
      await tab.page.goto(what === 'is closed' ? 'about:blank' : site.url());
      await visited;
      expect(await other.heading()).toBe('/pages/1');
      await other.close();
    },
  );

  it('a click makes its own request, or a second prefetch, when the first one is refused', async () => {
    const { open, release } = gate();
    let requests = 0;
    const { site, tab } = await underWay(async () => {
      if (requests++) return keptPage('/pages/1');
      await open;
      return { status: 503 };
    });
    const clicked = tab.follow('/pages/1');
    release();
    expect(await clicked).toBe('/pages/1');
    expect(site.asked('/pages/1')).toHaveLength(2);
  });

  it('another tab joins it, and the tab that began may close', async () => {
    const { open, release } = gate();
    const { site, tab } = await underWay(async () => {
      await open;
      return keptPage('/pages/1');
    });
    site.deploy({ pages: { '/list': LINK, '/pages/1': keptPage('/pages/1') } });
    const other = await Visit.open(browser(), site.url('/list'));
    await other.controlled();
    await tab.page.goto('about:blank');
    const clicked = other.follow('/pages/1');
    release();
    expect(await clicked).toBe('/pages/1');
    expect(site.asked('/pages/1')).toHaveLength(1);
    await other.close();
  });

  it('the response is stored although the page is left meanwhile', async () => {
    const { open, release } = gate();
    const { site, tab } = await underWay(async () => ({ ...BOUNDARY_PAGES['/pages/1'], rest: open }));
    site.deploy({ pages: { '/list': LINK, '/pages/1': keptPage('/pages/1') } });
    await tab.page.goto(site.url('/?next'));
    release();
    await tab.stored('/pages/1');
  });
});
