/** What a visitor sees of stored pages after logging in or out, by any way that the worker can notice. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';
import { type Answer, type Arrived, HOUR_HEADER, html } from './support/site';

/** A page that shows who is logged in. */
const greeting =
  (headers: Record<string, string>) =>
  (request: Arrived): Answer =>
    html(`<h1>${/user=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'anonymous'}</h1>`, headers);

const LOGGED_IN: Answer = {
  status: 303,
  headers: { location: '/?in', 'set-cookie': 'user=anna; Path=/; HttpOnly' },
};

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('a page with Vary: Cookie is not stored, and the console says nothing of it', async () => {
    const { site, tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall('<a href="/pages/1">1</a>'),
        '/pages/1': greeting({ ...HOUR_HEADER, vary: 'Cookie' }),
      },
    });
    await site.whenPrefetched('/pages/1');
    await tab.page.evaluate(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: not every browser under test has another way.
      document.cookie = 'user=anna; path=/';
    });
    expect(await tab.follow('/pages/1')).toBe('anna');
    expect(tab.console).toEqual([]);
  });

  it('a form that logs in empties the store', async () => {
    const { tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall(
          '<a href="/pages/1">1</a><form method="post" action="/account"><button>in</button></form>',
        ),
        '/?in': '<a href="/pages/1">1</a>',
        '/pages/1': greeting(HOUR_HEADER),
        '/account': LOGGED_IN,
      },
      cached: ['/', '/pages/1'],
    });
    await tab.stored('/pages/1');
    const arrived = tab.page.waitForNavigation({ waitUntil: 'domcontentloaded' });
    await tab.page.click('button');
    await arrived;
    expect(await tab.follow('/pages/1')).toBe('anna');
  });

  it('so does a request of a script whose path says that it logs in', async () => {
    const { tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall('<a href="/pages/1">1</a>'),
        '/pages/1': greeting(HOUR_HEADER),
        '/api/login': { ...LOGGED_IN, status: 200 },
      },
    });
    await tab.controlled();
    await tab.stored('/pages/1');
    await tab.page.evaluate(() =>
      fetch('/api/login', { method: 'POST', body: 'anna' }).then(() => undefined),
    );
    expect(await tab.follow('/pages/1')).toBe('anna');
  });

  it('a visit to a page that logs out empties the store', async () => {
    const { tab } = await visitSite(browser(), {
      pages: {
        '/': withInstall('<a href="/pages/1">1</a><a href="/logout">out</a>'),
        ...keptPages('/pages/1'),
        '/logout': '<h1>bye</h1>',
      },
    });
    await tab.stored('/pages/1');
    expect(await tab.follow('/logout')).toBe('bye');
    await expect.poll(() => tab.holds('/pages/1')).toBe(false);
  });
});
