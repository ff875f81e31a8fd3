/** What a page prefetches by itself, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { BROWSERS, INSECURE_HOST } from './support/browsers';
import { keptPages, withInstall } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';
import { html } from './support/site';

const PATHS = ['/pages/1', '/pages/2', '/pages/3', '/pages/4', '/pages/5'];
const links = (paths: readonly string[]): string =>
  paths.map((path) => `<p><a href="${path}">${path}</a></p>`).join('\n');
const configured = (body: string, options: string): string =>
  `${withInstall(body)}<script>Edgio.configure(${options})</script>`;

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const visit = (page: string, options: VisitOptions = {}): ReturnType<typeof visitSite> =>
    visitSite(browser(), { ...options, pages: { '/': page, ...keptPages(...PATHS), ...options.pages } });

  it.each(['defer', 'async', 'type="module"'])('the script works with %s', async (attribute) => {
    const { site, tab } = await visit(withInstall(links(['/pages/1']), attribute));
    await tab.stored('/pages/1');
    expect(site.prefetched).toEqual(['/pages/1']);
  });

  it('its parts come from a folder that is named after their text, so that a copy of it that a browser kept never mixes', async () => {
    const { tab } = await visit(withInstall(links(['/pages/1'])));
    await tab.stored('/pages/1');
    const loaded = await tab.page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    expect(loaded.filter((path) => path.endsWith('/workerClient.js'))).toEqual([
      expect.stringMatching(/^\/__edgio__\/prefetch\/[\da-f]{10}\/workerClient\.js$/),
    ]);
  });

  it('the global has what its documentation says, and its worker is the one in control', async () => {
    const { tab } = await visit(withInstall(''));
    await tab.until(() => 'Edgio' in window);
    expect(await tab.page.evaluate('Object.keys(Edgio)')).toEqual(
      expect.arrayContaining(['prefetch', 'install', 'configure', 'waitForServiceWorker']),
    );
    expect(
      await tab.page.evaluate('Edgio.waitForServiceWorker().then(({ scriptURL }) => scriptURL)'),
    ).toMatch(/service_worker/);
  });

  it('where link prefetch does not exist, links are fetched into the store', async () => {
    const before = (): void => {
      DOMTokenList.prototype.supports = () => false;
    };
    const { site, tab } = await visit(withInstall(links(['/pages/1'])), { before });
    await tab.stored('/pages/1');
    expect(await tab.page.evaluate(() => document.querySelector('link[rel=prefetch]'))).toBeNull();
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(site.visits('/pages/1')).toEqual([]);
  });

  it('under a policy that wants a nonce, the script, its parts and the manifest are loaded', async () => {
    const policy = `script-src 'nonce-once'; worker-src 'self'; connect-src 'self'`;
    const { site } = await visit('', {
      pages: {
        '/': html(withInstall(links(['/pages/1']), 'nonce="once"'), { 'content-security-policy': policy }),
      },
    });
    await site.whenPrefetched('/pages/1');
    expect(site.prefetched).toEqual(['/pages/1']);
  });

  it('a link below the fold is prefetched when it is scrolled to', async () => {
    const { site, tab } = await visit(
      withInstall(
        `${links(['/pages/1'])}<div style="height: 5000px"></div><a id="low" href="/pages/2">2</a>`,
      ),
    );
    await tab.stored('/pages/1');
    expect(site.prefetched).toEqual(['/pages/1']);
    await tab.page.evaluate(() => document.querySelector('#low')?.scrollIntoView());
    await tab.stored('/pages/2');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it('a link that gets its size later, as one around an image does, is prefetched', async () => {
    const { site, tab } = await visit(
      withInstall(`<a href="/pages/1"><img id="late" alt=""></a>${links(['/pages/2'])}`),
    );
    await tab.stored('/pages/2');
    expect(site.prefetched).toEqual(['/pages/2']);
    await tab.page.$eval('#late', (image) => image.setAttribute('style', 'width: 50px; height: 50px'));
    await tab.stored('/pages/1');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it('a link that is added later is prefetched', async () => {
    const { site, tab } = await visit(withInstall(links(['/pages/1'])));
    await tab.stored('/pages/1');
    await tab.append(links(['/pages/2']));
    await tab.stored('/pages/2');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it('another address in the same document has its own budget, which fresh pages do not use up', async () => {
    const { site, tab } = await visit(configured(links(['/pages/1']), '{ maxPrefetches: 1 }'));
    await tab.stored('/pages/1');
    await tab.page.evaluate(() => history.pushState(null, '', '/next'));
    await tab.append(links(['/pages/2']));
    await tab.stored('/pages/2');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it('pointing, touching and focusing are separate triggers', async () => {
    const { site, tab } = await visit(configured(links(PATHS), `{ triggers: ['hover', 'touch', 'focus'] }`));
    await tab.controlled();
    await tab.settled();
    expect(site.prefetched).toEqual([]);
    await tab.page.hover('a[href="/pages/1"]');
    await site.whenPrefetched('/pages/1');
    await tab.page.focus('a[href="/pages/2"]');
    await site.whenPrefetched('/pages/2');
    await tab.page.$eval('a[href="/pages/3"]', (link) =>
      link.dispatchEvent(new Event('touchstart', { bubbles: true })),
    );
    await site.whenPrefetched('/pages/3');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2', '/pages/3']);
  });

  it('downloads, logging out, opted-out links, other sites and the page itself are left alone', async () => {
    const { site, tab } = await visit(
      withInstall(`<a href="/pages/1" download>download</a> <a href="/pages/logout">log out</a>
        <a href="/pages/2" data-prefetch="false">opted out</a>
        <nav data-prefetch="false"><a href="/pages/3">opted out together</a></nav>
        <a href="http://${INSECURE_HOST}/pages/4">other site</a> <a href="#top">top</a> <a href="mailto:a@b.example">mail</a>
        <a href="/pages/5">5</a>`),
      { pages: keptPages('/pages/logout') },
    );
    await tab.stored('/pages/5');
    await tab.settled();
    expect(site.prefetched).toEqual(['/pages/5']);
  });

  it('visible links stop at the budget, a link that is pointed at does not', async () => {
    const { site, tab } = await visit(configured(links(PATHS), '{ maxPrefetches: 2 }'));
    await tab.stored('/pages/1', '/pages/2');
    await tab.page.hover('a[href="/pages/5"]');
    await tab.stored('/pages/5');
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2', '/pages/5']);
  });

  it('with Save-Data nothing is prefetched unless a script asks for it', async () => {
    const before = (): void => {
      Object.defineProperty(Navigator.prototype, 'connection', { get: () => ({ saveData: true }) });
    };
    const { site, tab } = await visit(withInstall(links(['/pages/1'])), { before });
    await tab.controlled();
    await tab.page.hover('a');
    await tab.settled();
    await tab.page.evaluate(`Edgio.prefetch('/pages/2')`);
    expect(site.prefetched).toEqual(['/pages/2']);
  });

  it('in an insecure context one line says why, prefetch() ends, and links work', async () => {
    const { site, tab } = await visit(withInstall(links(['/pages/1'])), { host: INSECURE_HOST });
    await tab.until(() => 'Edgio' in window);
    expect(await tab.page.evaluate(`Edgio.prefetch('/pages/2')`)).toBe('refused');
    expect(tab.console).toEqual([expect.stringMatching(/HTTPS or localhost/)]);
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
    expect(site.prefetched).toEqual([]);
  });

  it('what the edge refused is not asked for again on the next page', async () => {
    const next = withInstall(links(['/pages/1', '/pages/2']));
    const { site, tab } = await visit(withInstall(`${links(['/pages/1'])}<a href="/next">next</a>`), {
      pages: { '/next': next },
      cached: ['/', '/next', '/pages/2'],
    });
    await tab.until(
      () => (window as unknown as { Edgio: { counters: { refused: number } } }).Edgio.counters.refused === 1,
    );
    await tab.follow('/next');
    await tab.stored('/pages/2');
    await tab.settled();
    expect(site.prefetched).toEqual(['/pages/1', '/pages/2']);
  });

  it.each([
    { draw: 0.4, reachesOrigin: true },
    { draw: 0.6, reachesOrigin: false },
  ])(
    'data-force-prefetch-ratio="0.5" with a draw of $draw: the origin is reached: $reachesOrigin',
    async ({ draw, reachesOrigin }) => {
      const page = withInstall(
        `${links(['/pages/1'])}<script>Math.random = () => ${draw}</script>`,
        'data-force-prefetch-ratio="0.5"',
      );
      const { site } = await visit(page, { cached: ['/'] });
      await site.whenPrefetched('/pages/1');
      expect(site.atOrigin.includes('/pages/1')).toBe(reachesOrigin);
    },
  );

  it('counters and events tell what was prefetched, refused and used', async () => {
    const { tab } = await visit(withInstall(links(['/pages/1', '/pages/2'])), {
      pages: { '/pages/1': withInstall('<h1>used</h1>') },
      cached: ['/', '/pages/1'],
    });
    await tab.until(() => {
      const { counters } = (window as unknown as { Edgio: { counters: Record<string, number> } }).Edgio;
      return counters.prefetch === 1 && counters.refused === 1;
    });
    await tab.follow('/pages/1');
    await tab.until(
      () => (window as unknown as { Edgio?: { counters: { hit: number } } }).Edgio?.counters.hit === 1,
    );
    expect(await tab.page.evaluate('Edgio.stats()')).toMatchObject({ prefetched: 1, hits: 1 });
  });
});
