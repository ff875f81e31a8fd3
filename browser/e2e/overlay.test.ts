/** The developers' overlay: off unless asked for, true to what happened, and gone when closed. */
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';

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
      /prefetched\s*1\s*1.*refused\s*1\s*1/s.test(
        document.querySelector('prefetch-overlay')?.shadowRoot?.querySelector('section')?.textContent ?? '',
      ),
    );
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
