/** The example pages, bundled as a site would and opened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { bundle } from './support/bundle';
import { json, keptPages, script } from './support/pages';
import { launchAround, visitSite } from './support/session';
import { type Answer, html } from './support/site';

const API = {
  '/api/products/1.json': json({ name: 'Kettle' }),
  '/api/products/2.json': json({ name: 'Teapot' }),
};

/** The answers of a site that serves one example. */
async function example(folder: string, app: string): Promise<Record<string, Answer>> {
  const page = readFileSync(join(import.meta.dirname, '../examples', folder, 'index.html'), 'utf8');
  return {
    '/': html(page),
    '/app.js': script(await bundle({ file: `examples/${folder}/${app}` })),
    '/service-worker.js': script(await bundle({ file: 'examples/workbox/service-worker.js' })),
  };
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('React prefetches the API call of each visible link, and the click needs no request', async () => {
    const pages = { ...(await example('react', 'app.tsx')), ...API };
    const { site, tab } = await visitSite(browser(), { pages, rules: [] });
    await tab.stored(...Object.keys(API));
    expect(site.prefetched).toEqual(Object.keys(API));
    await tab.page.click('a[href="/products/1"]');
    await tab.until(() => document.querySelector('h1')?.textContent === 'Kettle');
    expect(site.visits('/api/products/1.json')).toEqual([]);
  });

  it('Vue prefetches the url of one router link and the target of the other (fault 17)', async () => {
    const pages = { ...(await example('vue', 'app.ts')), ...API, ...keptPages('/products/2') };
    const { site, tab } = await visitSite(browser(), { pages, rules: [] });
    await tab.stored('/api/products/1.json', '/products/2');
    expect(site.prefetched).toEqual(['/api/products/1.json', '/products/2']);
    await tab.page.click('a.api');
    await tab.until(() => document.querySelector('h1')?.textContent === 'Kettle');
    expect(site.visits('/api/products/1.json')).toEqual([]);
  });

  it('Next prefetches the data of each visible page (fault 18)', async () => {
    const data = {
      '/_next/data/BUILD/fr/products/1.json?id=1': json({}),
      '/_next/data/BUILD/fr/products/2.json?size=m&id=2': json({}),
    };
    const { site, tab } = await visitSite(browser(), {
      pages: { ...(await example('next', 'app.tsx')), ...data },
      rules: [],
    });
    await tab.stored(...Object.keys(data));
    expect(site.prefetched).toEqual(Object.keys(data));
  });
});
