/** Deep fetch in its own worker: JSON in the worker, HTML in the page that asked. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { bundle } from './support/bundle';
import { json, PIXEL, script } from './support/pages';
import { launchAround, type VisitOptions, visitSite } from './support/session';
import { type Answer, html } from './support/site';

const APP = `
  import { install, prefetch } from 'prefetchrouter/window';
  install();
  window.prefetch = prefetch;
`;

/** The guide's worker: a category's images, a product's main image, responsive images by callback. */
const WORKER = `
  import {Prefetcher, prefetch} from 'prefetchrouter/sw';
  import DeepFetchPlugin, {
    DeepFetchCallbackParam,
  } from 'prefetchrouter/sw/DeepFetchPlugin';

  self.skipWaiting();
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

  new Prefetcher({
    plugins: [
      new DeepFetchPlugin([
        {selector: 'img[', as: 'image'},
        {
          jsonQuery: 'Bundles.[**].Products:products(Product).MediumImageFile',
          jsonQueryOptions: {
            locals: {
              products: (input) => input.filter((prod) => prod),
            },
          },
          maxMatches: 10,
          as: 'image',
        },
        {
          selector: 'img.product-featured-media',
          maxMatches: 1,
          attribute: 'src',
          as: 'image',
        },
        {
          selector: 'img.grid-view-item__image',
          maxMatches: 4,
          as: 'image',
          callback: deepFetchResponsiveImages,
        },
      ]),
    ],
  }).route();

  function deepFetchResponsiveImages({$el, el, $}: DeepFetchCallbackParam) {
    const urlTemplate = $el.attr('data-src');
    const dataWidths = $el.attr('data-widths');

    if (dataWidths && urlTemplate) {
      const widths = JSON.parse(dataWidths);

      for (let width of widths.slice(0, 2)) {
        const url = urlTemplate?.replace(/\\{width\\}/, width);
        prefetch(url, 'image');
      }
    }
  }
`;

async function shop(pages: Record<string, Answer>): Promise<VisitOptions> {
  return {
    rules: [],
    pages: {
      '/': `<!doctype html><h1>start</h1><script>${await bundle({ source: APP })}</script>`,
      '/service-worker.js': script(await bundle({ source: WORKER })),
      ...pages,
    },
  };
}

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);

  it('the images of a category are found in its JSON', async () => {
    const category = {
      Bundles: [
        { Products: [{ MediumImageFile: '/img/1.png' }, null] },
        { Products: [{ MediumImageFile: 'img/2.png' }] },
      ],
    };
    const images = { '/img/1.png': PIXEL, '/api/img/2.png': PIXEL };
    const { site, tab } = await visitSite(
      browser(),
      await shop({ '/api/category.json': json(category), ...images }),
    );
    await tab.controlled();
    await tab.page.evaluate(`prefetch('/api/category.json')`);
    await tab.stored(...Object.keys(images));
    expect(site.prefetched).toEqual(['/api/category.json', '/api/img/2.png', '/img/1.png']);
  });

  it('fault 16 and 24: the main image of a product page is found in its HTML, relative to that page', async () => {
    const product = html(
      '<img class="other" src="/x.png"><img class="product-featured-media" src="img/rel.png"><img class="product-featured-media" src="/second.png">',
    );
    const { site, tab } = await visitSite(
      browser(),
      await shop({ '/shop/p': product, '/shop/img/rel.png': PIXEL }),
    );
    await tab.controlled();
    await tab.page.evaluate(`prefetch('/shop/p', 'document')`);
    await tab.stored('/shop/img/rel.png');
    expect(site.prefetched).toEqual(['/shop/img/rel.png', '/shop/p']);
  });

  it("a callback computes the URLs of responsive images from the element's attributes", async () => {
    const listing = html(
      `<img class="grid-view-item__image" data-src="/cdn/{width}.png" data-widths="[180, 360, 540]">`,
    );
    const { site, tab } = await visitSite(
      browser(),
      await shop({ '/listing': listing, '/cdn/180.png': PIXEL, '/cdn/360.png': PIXEL }),
    );
    await tab.controlled();
    await tab.page.evaluate(`prefetch('/listing', 'document')`);
    await tab.stored('/cdn/180.png', '/cdn/360.png');
    expect(site.prefetched).toEqual(['/cdn/180.png', '/cdn/360.png', '/listing']);
  });
});
