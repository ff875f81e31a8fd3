/** The overlay as the documentation shows it: a shop whose links are in every state. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptPages } from '../support/pages';
import { launchAround, visitSite } from '../support/session';
import { html } from '../support/site';

const TARGET = join(import.meta.dirname, '../../../docs/images/overlay.png');

const PRODUCTS = ['Kettle', 'Teapot', 'Cups', 'Tray', 'Strainer', 'Tea'];
const STYLE = `<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 24px; color: #222; }
  ul { display: grid; grid-template-columns: repeat(3, 150px); gap: 20px; padding: 0; list-style: none; }
  a { display: block; padding: 28px 12px; border-radius: 6px; background: #f2f2ef; color: inherit; }
  p { max-width: 480px; }
</style>`;
const LIST = PRODUCTS.map((name, index) => `<li><a href="/pages/${index}">${name}</a></li>`).join('');
const SHOP = `<!doctype html><title>Tea shop</title>${STYLE}
<h1>Tea shop</h1>
<p>Everything that one needs for tea.</p>
<ul>${LIST}</ul>
<script src="/__edgio__/prefetch/install.js" data-overlay="true"></script>`;

const browser = launchAround('chromium');

it('docs/images/overlay.png', async () => {
  const paths = PRODUCTS.map((_, index) => `/pages/${index}`);
  const { tab } = await visitSite(browser(), {
    pages: { '/': SHOP, ...keptPages(...paths), '/pages/1': html(SHOP) },
    cached: ['/', ...paths.slice(0, 4)],
  });
  await tab.page.setViewport({ width: 820, height: 400, deviceScaleFactor: 2 });
  await tab.stored(...paths.slice(0, 4));
  await tab.follow('/pages/1');
  await tab.until(() => document.querySelectorAll('a[data-prefetch-state]').length === 6);
  await tab.until(() => document.querySelector('prefetch-overlay')?.shadowRoot?.querySelector('table'));
  const bytes = await tab.page.screenshot({ path: TARGET });
  expect(bytes.length).toBeGreaterThan(0);
});
