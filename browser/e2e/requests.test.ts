/** How prefetches are sent: nothing that a page, a browser or another prefetch does may stop or delay them. */
import { describe, expect, it } from 'vitest';
import { BROWSERS, launch } from './support/browsers';
import { keptPage, keptPages, withInstall } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';
import { html } from './support/site';

const link = (path: string, more = ''): string => `<p><a href="${path}" ${more}>${path}</a></p>`;
const never = new Promise<void>(() => undefined);

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const visit = (page: string, options: VisitOptions = {}): ReturnType<typeof visitSite> =>
    visitSite(browser(), {
      ...options,
      pages: { '/': page, ...keptPages('/pages/1', '/pages/2'), ...options.pages },
    });

  it.each([
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'",
    "default-src 'none'; script-src 'self'; worker-src 'self'",
    "default-src 'self'; require-trusted-types-for 'script'; trusted-types default",
  ])('under the policy %s', async (policy) => {
    const types = `<script src="/types.js"></script>${withInstall(link('/pages/1'))}`;
    const { tab } = await visit('', {
      pages: {
        '/': html(types, { 'content-security-policy': policy }),
        '/types.js': {
          headers: { 'content-type': 'text/javascript' },
          body: "window.trustedTypes?.createPolicy('default', { createScriptURL: (url) => url });",
        },
      },
    });
    await tab.stored('/pages/1');
    // On later views the worker sends all, and there is nothing to report.
    const { console: said } = tab;
    said.length = 0;
    await tab.page.reload({ waitUntil: 'domcontentloaded' });
    await tab.page.evaluate("Edgio.prefetch('/pages/2')");
    expect(said.filter((line) => /(violat|blocked).*pages/i.test(line))).toEqual([]);
    expect(await tab.holds('/pages/2')).toBe(true);
  });

  it('what the visitor points at does not wait for what is slow', async () => {
    const slow = async () => {
      await never;
      return keptPage('slow');
    };
    const { tab } = await visit(
      `${withInstall(link('/pages/a') + link('/pages/b'))}<script>Edgio.configure({ maxPrefetches: 2 })</script>`,
      { pages: { '/pages/a': slow, '/pages/b': slow }, cached: ['/', '/pages/a', '/pages/b', '/pages/1'] },
    );
    await tab.controlled();
    await tab.append(link('/pages/1'));
    await tab.page.hover('a[href="/pages/1"]');
    await tab.stored('/pages/1');
  });

  it('an image that hangs does not hold up the worker', async () => {
    const { tab } = await visit(withInstall(`${link('/pages/1')}<img src="/hang.png">`), {
      pages: {
        '/hang.png': async () => {
          await never;
          return {};
        },
      },
    });
    await tab.stored('/pages/1');
  });

  it('what the edge refuses does not use up the budget', async () => {
    const cold = ['/pages/c1', '/pages/c2', '/pages/c3'];
    const { tab } = await visit(
      `${withInstall([...cold, '/pages/1', '/pages/2'].map((path) => link(path)).join(''))}
       <script>Edgio.configure({ maxPrefetches: 2 })</script>`,
      { cached: ['/', '/pages/1', '/pages/2'] },
    );
    await tab.stored('/pages/1', '/pages/2');
  });

  it('pointing at a link tries again after a failure', async () => {
    let isDown = true;
    const { site, tab } = await visit(withInstall(link('/pages/down')), {
      pages: { '/pages/down': () => (isDown ? { status: 503 } : keptPage('/pages/down')) },
      cached: ['/', '/pages/down'],
    });
    await tab.controlled();
    await site.whenPrefetched('/pages/down');
    isDown = false;
    await tab.until(async () => {
      document.querySelector('a')?.dispatchEvent(new Event('touchstart', { bubbles: true, composed: true }));
      return Boolean(await caches.match('/pages/down', { ignoreVary: true }));
    });
  });

  it('a response that the store has dropped is prefetched again', async () => {
    const { site, tab } = await visit(withInstall(link('/pages/1')));
    await tab.stored('/pages/1');
    await tab.page.evaluate('Edgio.clear()');
    expect(await tab.page.evaluate("Edgio.prefetch('/pages/1')")).toBe('prefetched');
    expect(site.asked('/pages/1').length).toBeGreaterThan(1);
  });

  it("the document's base does not move our own files", async () => {
    const base = '<base href="https://other.example/">';
    const { site, tab } = await visit(withInstall(link('/pages/1', 'id="a"')) + base, {
      before: () =>
        addEventListener('DOMContentLoaded', () => {
          (document.querySelector('#a') as HTMLAnchorElement).href = `${location.origin}/pages/1`;
        }),
    });
    await tab.stored(site.url('/pages/1'));
    expect(tab.console).toEqual([]);
  });

  it('a site below a path has all files there', async () => {
    const { site, tab } = await visit('', {
      path: '/proj/',
      pages: {
        '/proj/': withInstall(link('/pages/1')).replace('src="/', 'src="/proj/'),
        ...keptPages('/proj/pages/1'),
      },
      rules: [{ if: [{ '==': [{ request: 'path' }, '/pages/:id'] }, { caching: { max_age: '1h' } }] }],
    });
    await tab.page.evaluate("Edgio.prefetch('/proj/pages/1')");
    await tab.controlled();
    expect(await tab.page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toContain('/proj/');
    expect(tab.console).toEqual([]);
    expect(site.requests.filter(({ from }) => from === 'refused')).toEqual([]);
  });

  it('pages are prefetched by the pointer that is heading for them, and by pressing', async () => {
    const { tab } = await visit(withInstall(''));
    await tab.page.evaluate("Edgio.install({ triggers: ['heading', 'press'] })");
    await tab.append(
      `<div style="height:200px"></div>${link('/pages/1')}<div style="height:200px"></div>${link('/pages/2')}`,
    );
    await tab.controlled();
    await tab.until(async () => {
      const box = document.querySelector('a')?.getBoundingClientRect() as DOMRect;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      for (let step = 5; step > 0; step--) {
        const move = { clientX: x, clientY: y - 20 * step, bubbles: true, pointerType: 'mouse' };
        document.body.dispatchEvent(new PointerEvent('pointermove', move));
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      return Boolean(await caches.match('/pages/1', { ignoreVary: true }));
    });
    expect(await tab.holds('/pages/2')).toBe(false);
    await tab.page.$eval('a[href="/pages/2"]', (found) =>
      found.dispatchEvent(new Event('mousedown', { bubbles: true, composed: true })),
    );
    await tab.stored('/pages/2');
  });
});

it('in Firefox without link prefetch, as some extensions set it, pages are prefetched', async () => {
  const browser = await launch('firefox', { preferences: { 'network.prefetch-next': false } });
  try {
    const pages = { '/': withInstall(link('/pages/1')), ...keptPages('/pages/1', '/pages/2') };
    const { tab } = await visitSite(browser, { pages });
    await tab.stored('/pages/1');
    await tab.page.reload({ waitUntil: 'domcontentloaded' });
    expect(await tab.page.evaluate("Edgio.prefetch('/pages/2')")).toBe('prefetched');
  } finally {
    await browser.close();
  }
});

describe('in chromium', () => {
  const browser = launchAround('chromium');

  it('without room for the store, one line says so', async () => {
    const { site, tab } = await visitSite(browser(), {
      pages: { '/': 'empty', '/list': withInstall(link('/pages/1')), ...keptPages('/pages/1') },
    });
    const session = await tab.page.createCDPSession();
    await session.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(site.url()).origin,
      quotaSize: 2000,
    });
    await tab.page.goto(site.url('/list'));
    await expect
      .poll(() => tab.console.filter((line) => line.includes('the storage of this browser is full')), {
        timeout: 15_000,
      })
      .toHaveLength(1);
    expect(await tab.follow('/pages/1')).toBe('/pages/1');
  });
});
