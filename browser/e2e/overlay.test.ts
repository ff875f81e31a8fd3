/** The developers' overlay: off unless asked for, true to what happened, and gone when closed. */
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, script, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';
import { html } from './support/site';

const LINKS =
  '<p><a href="/pages/1">1</a></p><p><a href="/pages/2">2</a></p><p><a href="/about">about</a></p>';
const SITE = {
  pages: { '/': withInstall(LINKS, 'data-overlay="true"'), ...keptPages('/pages/1', '/pages/2') },
};

/** The state in which each link is shown, in document order. */
const states = (page: Page): Promise<(string | null)[]> =>
  page.$$eval('a', (links) => links.map((link) => link.getAttribute('data-prefetch-state')));

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('shows each link in its state, and the totals', async () => {
    const { tab } = await visitSite(browser(), { ...SITE, cached: ['/', '/pages/1'] });
    await tab.until(() => document.querySelectorAll('a[data-prefetch-state]').length === 2);
    expect(await states(tab.page)).toEqual(['prefetch', 'refused', null]);
    await tab.until(() =>
      /prefetched1.*not at the edge1/s.test(
        document.querySelector('prefetch-overlay')?.shadowRoot?.querySelector('section')?.textContent ?? '',
      ),
    );
  });

  it('works under a strict policy, with a reason for each link', async () => {
    const policy = "default-src 'self'; require-trusted-types-for 'script'; trusted-types default";
    const pages = {
      ...SITE.pages,
      '/': html(`<script src="/types.js"></script>${withInstall(LINKS, 'data-overlay="true"')}`, {
        'content-security-policy': policy,
      }),
      '/types.js': script("window.trustedTypes?.createPolicy('default', { createScriptURL: (url) => url });"),
    };
    const { tab } = await visitSite(browser(), { pages });
    await tab.until(() => document.querySelector('a[data-prefetch-state="prefetch"]'));
    const outline = await tab.page.$eval('a', (link) => getComputedStyle(link).outlineStyle);
    const position = await tab.page.$eval('prefetch-overlay', (host) => getComputedStyle(host).position);
    expect([outline, position]).toEqual(['solid', 'fixed']);
    await tab.page.hover('a[href="/about"]');
    await tab.until(() =>
      document
        .querySelector('prefetch-overlay')
        ?.shadowRoot?.textContent?.includes('no rule makes it prefetchable'),
    );
    expect(tab.console.filter((line) => /style|Trusted/i.test(line))).toEqual([]);
  });

  it('goes without a trace when it is closed', async () => {
    const { tab } = await visitSite(browser(), SITE);
    await tab.until(() => document.querySelector('a[data-prefetch-state]'));
    await tab.page.evaluate(() =>
      document.querySelector('prefetch-overlay')?.shadowRoot?.querySelector('button')?.click(),
    );
    expect(await tab.page.$('prefetch-overlay')).toBeNull();
    expect(await states(tab.page)).toEqual([null, null, null]);
  });

  it('is not there unless asked for', async () => {
    const pages = { ...SITE.pages, '/': withInstall(LINKS, 'data-overlay="false"') };
    const { tab } = await visitSite(browser(), { pages });
    await tab.stored('/pages/1', '/pages/2');
    expect(await tab.page.$('prefetch-overlay')).toBeNull();
    expect(await states(tab.page)).toEqual([null, null, null]);
  });
});
