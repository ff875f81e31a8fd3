/** What the stock service worker keeps, for how long, and what it never touches. */
import { describe, expect, it } from 'vitest';
import { BROWSERS, type BrowserName } from './support/browsers';
import { MOVABLE_CLOCK, moveClock } from './support/clock';
import { keptPages, PIXEL, withInstall } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';
import type { Answer, Arrived } from './support/site';
import type { Visit } from './support/visit';

const text = (body: string, headers: Record<string, string> = {}): Answer => ({
  body,
  headers: { 'content-type': 'text/plain', ...headers },
});

/** What a fetch of the page brings. */
const fetched = (tab: Visit, url: string, init = {}): Promise<unknown> =>
  tab.page.evaluate(
    (target, options) =>
      fetch(target, options).then(
        (response) => response.text(),
        () => 'failed',
      ),
    url,
    init,
  );

/** Chromium hides this header from workers, and itself empties their stores for "storage" only. */
const CLEARING: Record<BrowserName, string[]> = {
  chromium: ['"storage"'],
  firefox: ['"cache"'],
};

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  async function visit(body: string, options: VisitOptions): ReturnType<typeof visitSite> {
    const pages = { '/': withInstall(body), ...options.pages };
    const visited = await visitSite(browser(), { ...options, pages, workerPrologue: MOVABLE_CLOCK });
    await visited.tab.controlled();
    return visited;
  }

  it('an hour ends after an hour', async () => {
    const { site, tab } = await visit('<a href="/pages/1">1</a>', { pages: keptPages('/pages/1') });
    await tab.stored('/pages/1');
    await moveClock(tab, 3601);
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(site.visits('/pages/1')).toHaveLength(1);
  });

  it.each([
    { what: 'that says nothing', config: {}, seconds: 120 },
    { what: 'with maxAgeSeconds: 300', config: { maxAgeSeconds: 300 }, seconds: 300 },
  ])('a manual prefetch $what is kept for $seconds seconds', async ({ config, seconds }) => {
    const { site, tab } = await visit('', { pages: { '/data': text('data') } });
    await tab.page.evaluate(`Edgio.prefetch('/data', 'fetch', ${JSON.stringify(config)})`);
    await moveClock(tab, seconds - 5);
    await fetched(tab, '/data');
    expect(site.visits('/data')).toHaveLength(0);
    await moveClock(tab, 10);
    await fetched(tab, '/data');
    expect(site.visits('/data')).toHaveLength(1);
  });

  it('a range request reaches the server as it is, whatever is stored', async () => {
    const video = ({ headers }: Arrived): Answer =>
      headers.range ? { ...text('part'), status: 206 } : text('whole');
    const { site, tab } = await visit('', { pages: { '/video': video } });
    await tab.page.evaluate(`Edgio.prefetch('/video', 'video')`);
    await tab.stored('/video');
    expect(await fetched(tab, '/video')).toBe('whole');
    expect(await fetched(tab, '/video', { headers: { range: 'bytes=0-3' } })).toBe('part');
    expect(site.visits('/video').map(({ headers }) => headers.range)).toEqual(['bytes=0-3']);
  });

  it('a redirect is not stored and leads where it leads', async () => {
    const old = { status: 302, headers: { location: '/pages/new' } };
    const { site, tab } = await visit('<a href="/pages/old">old</a>', {
      pages: { '/pages/old': old, ...keptPages('/pages/new') },
      cached: ['/', '/pages/old', '/pages/new'],
    });
    await site.whenPrefetched('/pages/old');
    await tab.settled();
    expect(await tab.holds('/pages/old')).toBe(false);
    expect(await tab.follow('/pages/old')).toBe('/pages/new');
    expect(new URL(tab.page.url()).pathname).toBe('/pages/new');
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['private', { 'cache-control': 'private' }, false],
    ['no-store', { 'cache-control': 'no-store' }, false],
    ['Vary: *', { vary: '*' }, false],
    [
      'private, but allowed by the edge',
      { 'cache-control': 'private', 'x-sw-cache-control': 'max-age=60' },
      true,
    ],
    ['forbidden by the edge', { 'x-sw-cache-control': 'no-store' }, false],
  ])('a response that is %s', async (_what, headers, isStored) => {
    const { tab } = await visit('', { pages: { '/data': text('data', headers) } });
    await tab.page.evaluate(`Edgio.prefetch('/data')`);
    expect(await tab.holds('/data')).toBe(isStored);
  });

  it('clear() empties the store', async () => {
    const { tab } = await visit('<a href="/pages/1">1</a>', { pages: keptPages('/pages/1') });
    await tab.stored('/pages/1');
    await tab.page.evaluate('Edgio.clear()');
    expect(await tab.holds('/pages/1')).toBe(false);
  });

  it.each(CLEARING[name])('an answer with Clear-Site-Data: %s empties the store', async (types) => {
    const { tab } = await visit('<a href="/pages/1">1</a>', {
      pages: { ...keptPages('/pages/1'), '/logout': text('bye', { 'clear-site-data': types }) },
    });
    await tab.stored('/pages/1');
    // Not awaited: a browser that removes the worker too leaves this request without an answer.
    await tab.page.evaluate(() => void fetch('/logout'));
    // While Chromium clears, a page may get no answer from the cache storage, at times never: then another page
    // is asked, one that prefetches nothing.
    await expect
      .poll(
        async () => {
          const held = await tab.page.evaluate(() => {
            const late = new Promise((resolve) => setTimeout(resolve, 500, 'no answer'));
            return Promise.race([caches.match('/pages/1').then(Boolean), late]);
          });
          if (held === 'no answer') await tab.page.goto(new URL('/logout', tab.page.url()).href);
          return held;
        },
        { timeout: 15000 },
      )
      .toBe(false);
  });

  it('offline, what is stored is there, the rest fails as without a worker, and comes back', async () => {
    const { site, tab } = await visit('<a href="/pages/1">1</a>', {
      pages: { ...keptPages('/pages/1'), '/data': text('data') },
    });
    await tab.stored('/pages/1');
    await site.stop();
    expect(await fetched(tab, '/data')).toBe('failed');
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    await site.start();
    expect(await fetched(tab, '/data')).toBe('data');
  });

  it('a page that is left before its images have come reports nothing', async () => {
    const slow = { ...PIXEL, rest: new Promise<void>(() => undefined) };
    const { site, tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall(''),
        '/left': '<img src="/slow.png"><link rel="icon" href="/icon.png">',
        '/next': 'next',
        '/slow.png': slow,
        '/icon.png': slow,
      },
      workerPrologue: 'self.__EDGIO_PREFETCH_PATHS__ = ["/pages/*"];\n',
    });
    await tab.controlled();
    await tab.page.goto(site.url('/left'), { waitUntil: 'domcontentloaded' });
    await site.when(
      () => site.asked('/slow.png').length > 0,
      () => 'the image was not requested',
    );
    await tab.page.goto(site.url('/next'), { waitUntil: 'domcontentloaded' });
    // An error of the page that was left comes before what the next one logs.
    await tab.page.evaluate("fetch('/next').then(() => console.log('end'))");
    await expect.poll(() => tab.console).toContain('end');
    expect(tab.console).toEqual(['end']);
  });

  it('an update takes over, keeps what is stored, and leaves one store', async () => {
    const { site, tab } = await visit('<a href="/pages/1">1</a>', { pages: keptPages('/pages/1') });
    await tab.stored('/pages/1');
    site.deploy({ workerPrologue: `${MOVABLE_CLOCK}self.isUpdated = true;\n` });
    await tab.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      const taken = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
      await registration.update();
      await taken;
    });
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(site.visits('/pages/1')).toHaveLength(0);
    expect(await tab.page.evaluate(() => caches.keys())).toHaveLength(1);
  });
});
