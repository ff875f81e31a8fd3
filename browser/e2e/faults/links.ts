/** Faults of the install script and of choosing links. */

import { keptPages } from '../support/pages';
import { HOUR } from '../support/site';
import type { Fault, Stage, StageOptions } from './stage';

const PAGES = keptPages('/pages/1', '/pages/2', '/pages/last');
const LAST_RULE = when({ '==': [{ request: 'path' }, '/pages/last'] });

function when(condition: object, features: object = HOUR): object {
  return { if: [condition, features] };
}

const upTo =
  (body: string, options: StageOptions = {}) =>
  (stage: Stage): Promise<string[]> =>
    stage.prefetchedUpToLast(body, { pages: PAGES, ...options });

/** Whether the prefetch of the page's one link asks for cached copies only. */
async function asksForCachedOnly(stage: Stage, tag: string): Promise<boolean> {
  const { site } = await stage.start('<a href="/pages/1">1</a>', { pages: PAGES, tag });
  await site.whenPrefetched('/pages/1');
  return site.asked('/pages/1').every((request) => request.cachedOnly);
}

export const LINK_FAULTS: Fault[] = [
  {
    number: '1',
    promise: 'data-include-cache-misses="false" is false',
    observe: (stage) => asksForCachedOnly(stage, 'data-include-cache-misses="false"'),
    right: true,
    published: false,
  },
  {
    number: '2',
    promise: 'a module script reads its attributes',
    observe: (stage) => asksForCachedOnly(stage, 'type="module" data-include-cache-misses="true"'),
    right: false,
    published: true,
  },
  {
    number: '3',
    promise: 'a manifest that is missing leaves worker and prefetch() working',
    observe: async (stage) => {
      const { tab } = await stage.start('', { rules: null, pages: PAGES });
      await tab.until(() => 'Edgio' in window);
      return tab.page.evaluate(() =>
        Promise.race([
          navigator.serviceWorker.ready.then(() => 'registered'),
          new Promise((resolve) => setTimeout(resolve, 3000, 'not registered')),
        ]),
      );
    },
    right: 'registered',
    published: 'not registered',
  },
  {
    number: '5',
    promise: 'relative links are fetched where they lead, and links within the page are not',
    observe: (stage) =>
      stage.prefetchedUpToLast('<a href="post-1">1</a> <a href="#top">top</a>', {
        path: '/blog/',
        pages: { ...PAGES, ...keptPages('/blog/post-1', '/post-1', '/') },
        rules: [when({ '==': [{ request: 'path' }, '/:all*'] })],
      }),
    right: ['/blog/post-1', '/pages/last'],
    published: ['/', '/pages/last', '/post-1'],
  },
  {
    number: '5, with a base element',
    promise: 'relative links are fetched where they lead',
    observe: upTo('<base href="/pages/"><a href="2">2</a>'),
    right: ['/pages/2', '/pages/last'],
    published: ['/pages/last'],
  },
  {
    number: '6, a bad link',
    promise: 'the other links are prefetched',
    observe: upTo('<a href="http://">bad</a> <a href="/pages/1">1</a>'),
    right: ['/pages/1', '/pages/last'],
    published: [],
  },
  {
    number: '6, bad rules',
    promise: 'the other rules count',
    observe: upTo('<a href="/pages/1">1</a>', {
      rules: [
        when({ '=~': [{ request: 'path' }, '(?P<unclosed'] }),
        when({ resembles: [{ request: 'path' }, '/x'] }),
        when({ '==': [{ request: 'path' }, '/pages/:id'] }),
      ],
    }),
    right: ['/pages/1', '/pages/last'],
    published: [],
  },
  {
    number: '7',
    promise: 'a condition on something that a page cannot know is never true',
    observe: upTo('<a href="/pages/1">1</a>', {
      rules: [
        when({ '!==': [{ 'request.header': 'x' }, '1'] }),
        when({ not_in: [{ 'request.cookie': 'session' }, ['1']] }),
        when({ '!~': [{ 'request.header': 'x' }, '1'] }),
        LAST_RULE,
      ],
    }),
    right: ['/pages/last'],
    published: ['/pages/1', '/pages/last'],
  },
  {
    number: '8',
    promise: 'a week is a duration',
    observe: upTo('<a href="/pages/1">1</a>', {
      rules: [
        when(
          { '==': [{ request: 'path' }, '/pages/1'] },
          { caching: { max_age: '1w', service_worker_max_age: '1w' } },
        ),
        LAST_RULE,
      ],
    }),
    right: ['/pages/1', '/pages/last'],
    published: ['/pages/last'],
  },
  {
    number: '12',
    promise: 'a link whose href changes to a match is prefetched',
    observe: async (stage) => {
      const { site, tab } = await stage.start(
        '<a id="changed" href="/elsewhere">1</a> <a href="/pages/2">2</a>',
        {
          pages: PAGES,
        },
      );
      await site.whenPrefetched('/pages/2');
      await tab.page.evaluate(() => document.querySelector('#changed')?.setAttribute('href', '/pages/1'));
      if (stage.client === 'ours') await site.whenPrefetched('/pages/1');
      else await tab.page.waitForNetworkIdle({ idleTime: 500 });
      return site.prefetched;
    },
    right: ['/pages/1', '/pages/2'],
    published: ['/pages/2'],
  },
  {
    number: '22',
    promise: 'of an else-if chain one branch counts',
    observe: upTo('<a href="/pages/1">1</a> <a href="/pages/2">2</a>', {
      rules: [
        {
          if: [
            { '==': [{ request: 'path' }, '/pages/1'] },
            HOUR,
            { '==': [{ request: 'path' }, '/pages/:id'] },
            { caching: { bypass_cache: true } },
          ],
        },
        LAST_RULE,
        when({ '==': [{ request: 'path' }, '/pages/last'] }, { caching: { bypass_cache: false } }),
      ],
    }),
    right: ['/pages/1', '/pages/last'],
    published: ['/pages/last'],
  },
  {
    number: '23',
    promise: 'a later null takes the caching away',
    observe: upTo('<a href="/pages/1">1</a>', {
      rules: [
        when({ '==': [{ request: 'path' }, '/pages/:id'] }),
        when({ '==': [{ request: 'path' }, '/pages/1'] }, { caching: null }),
      ],
    }),
    right: ['/pages/last'],
    published: ['/pages/1', '/pages/last'],
  },
  {
    number: '29',
    promise: 'a link without size is not visible',
    observe: upTo('<a href="/pages/1" style="display: inline-block; width: 0; height: 0"></a>'),
    right: ['/pages/last'],
    published: ['/pages/1', '/pages/last'],
  },
];
