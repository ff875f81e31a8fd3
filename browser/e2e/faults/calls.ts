/** Faults of `prefetch()`, `install()` and the worker. */
import { MOVABLE_CLOCK, moveClock } from '../support/clock';
import { keptPage, keptPages } from '../support/pages';
import { html, startSite } from '../support/site';
import type { Visit } from '../support/visit';
import { type Fault, SETTLES } from './stage';

/** Evaluate an expression in the page; `settles(promise)` tells how a promise ends. */
function ask(tab: Visit, expression: string): Promise<unknown> {
  return tab.page.evaluate(`(async () => { const settles = ${SETTLES}; return ${expression}; })()`);
}

export const CALL_FAULTS: Fault[] = [
  {
    number: '4',
    promise: 'an hour is an hour, whatever is prefetched after two minutes',
    observe: async (stage) => {
      const { site, tab } = await stage.start('<a href="/pages/a">a</a>', {
        pages: keptPages('/pages/a', '/pages/b'),
        workerPrologue: MOVABLE_CLOCK,
      });
      await tab.stored('/pages/a');
      await moveClock(tab, 126);
      await tab.append('<a href="/pages/b">b</a>');
      await tab.stored('/pages/b');
      await tab.follow('/pages/a');
      return site.visits('/pages/a').length;
    },
    right: 0,
    published: 1,
  },
  {
    number: '9',
    promise: 'a prefetched POST answers the same POST',
    observe: async (stage) => {
      const pages = { '/api': { headers: { 'x-sw-cache-control': 'max-age=60' }, body: 'found' } };
      const { site, tab } = await stage.start('', { pages });
      await tab.controlled();
      await ask(tab, `Edgio.prefetch('/api', 'fetch', { method: 'post', body: '{"a":1}' })`);
      await site.when(
        () => site.asked('/api').length > 0 || site.prefetched.length > 0,
        () => 'no prefetch',
      );
      await tab.until(
        async () => (await (await caches.open((await caches.keys())[0] ?? '')).keys()).length > 0,
      );
      await ask(tab, `(await fetch('/api', { method: 'POST', body: '{"a":1}' })).text()`);
      return site.requests.filter((request) => request.method === 'POST').length;
    },
    right: 0,
    published: 1,
  },
  {
    number: '10',
    promise: 'a private page is not stored',
    observe: async (stage) => {
      const { site, tab } = await stage.start('', {
        pages: {
          '/account': html('<h1>hello Ada</h1>', {
            'cache-control': 'private, no-store',
            'set-cookie': 'session=1',
          }),
          '/pages/1': keptPage('1'),
        },
      });
      await tab.controlled();
      await ask(tab, `Edgio.prefetch('/account')`);
      await site.whenPrefetched('/account');
      await ask(tab, `Edgio.prefetch('/pages/1')`);
      await tab.stored('/pages/1');
      return tab.holds('/account');
    },
    right: false,
    published: true,
  },
  {
    number: '10b',
    promise: 'repeated parameters stay apart',
    observe: async (stage) => {
      const pages = {
        '/filter?color=red&color=blue': { body: 'blue' },
        '/filter?color=red&color=green': { body: 'green' },
        '/pages/1': keptPage('1'),
      };
      const { tab } = await stage.start('', { pages });
      await tab.controlled();
      await ask(tab, `Edgio.prefetch('/filter?color=red&color=blue')`);
      await ask(tab, `Edgio.prefetch('/pages/1')`);
      await tab.stored('/pages/1');
      return ask(tab, `(await fetch('/filter?color=red&color=green')).text()`);
    },
    right: 'green',
    published: 'blue',
  },
  {
    number: '11',
    promise: 'x-sw-cache-control is read as headers are written',
    observe: async (stage) => {
      const pages = { '/pages/1': html('<h1>1</h1>', { 'x-sw-cache-control': 'public, Max-Age=600' }) };
      const { site, tab } = await stage.start('<a href="/pages/1">1</a>', {
        pages,
        workerPrologue: MOVABLE_CLOCK,
      });
      await tab.stored('/pages/1');
      await moveClock(tab, 300);
      await tab.follow('/pages/1');
      return site.visits('/pages/1').length;
    },
    right: 0,
    published: 1,
  },
  {
    number: '13',
    promise: 'a second install() adds its patterns, and prefetches nothing twice',
    observe: async (stage) => {
      const { site, tab } = await stage.start('<a href="/pages/1">1</a>', {
        pages: keptPages('/pages/1', '/q/1'),
      });
      await site.whenPrefetched('/pages/1');
      await ask(tab, `Edgio.install({ prefetchPatterns: [/^\\/q\\//] })`);
      await tab.append('<a href="/q/1">q</a>');
      await site.whenPrefetched('/q/1');
      return site.prefetched;
    },
    right: ['/pages/1', '/q/1'],
  },
  {
    number: '14',
    promise: 'watch sees each match in an added subtree',
    observe: async (stage) => {
      const { tab } = await stage.start('');
      await tab.until(() => 'Edgio' in window);
      await ask(
        tab,
        `Edgio.install({ watch: [{ selector: '.t', callback: (el) => (window.seen ??= []).push(el.id) }] })`,
      );
      await tab.append('<div class="t" id="outer">outer <div class="t" id="inner">inner</div></div>');
      await tab.until(() => (window as unknown as { seen?: string[] }).seen?.length === 2);
      return ask(tab, 'window.seen.sort()');
    },
    right: ['inner', 'outer'],
  },
  {
    number: '15',
    promise: 'a global pattern matches every link',
    observe: async (stage) => {
      const paths = ['/p/1', '/p/2', '/p/3', '/p/4'];
      const { site, tab } = await stage.start(
        paths.map((path) => `<a href="${path}">${path}</a>`).join(' '),
        {
          pages: keptPages(...paths),
          rules: [],
        },
      );
      await tab.until(() => 'Edgio' in window);
      await ask(tab, `Edgio.install({ prefetchPatterns: [/\\/p\\//g] })`);
      await site.whenPrefetched(...paths);
      return site.prefetched;
    },
    right: ['/p/1', '/p/2', '/p/3', '/p/4'],
  },
  {
    number: '19',
    promise: 'a URL with a quote can be prefetched twice',
    observe: async (stage) => {
      const { tab } = await stage.start('', { pages: keptPages("/o'brien") });
      await tab.controlled();
      await ask(tab, `settles(Edgio.prefetch("/o'brien"))`);
      return ask(tab, `settles(Edgio.prefetch("/o'brien"))`);
    },
    right: 'resolved',
    published: 'rejected',
  },
  {
    number: '20',
    promise: "the page's own stylesheet stays",
    observe: async (stage) => {
      const other = await startSite({
        pages: {
          '/style.css': { headers: { 'content-type': 'text/css', 'access-control-allow-origin': '*' } },
        },
      });
      const style = other.url('/style.css', '127.0.0.1');
      const { tab } = await stage.start(
        `<script>document.head.innerHTML += '<link rel="stylesheet" href="${style}">'</script>`,
      );
      await tab.controlled();
      await ask(tab, `settles(Edgio.prefetch('${style}', 'style'))`);
      await ask(tab, `settles(Edgio.prefetch('${style}', 'style'))`);
      await other.stop();
      return ask(tab, `document.querySelectorAll('link[rel=stylesheet]').length`);
    },
    right: 1,
    published: 0,
  },
  {
    number: '25',
    promise: "the caller's object is only read",
    observe: async (stage) => {
      const { tab } = await stage.start('', { pages: keptPages('/a') });
      await tab.controlled();
      return ask(
        tab,
        `(async () => { const config = {}; await Edgio.prefetch('/a', 'fetch', config); return config; })()`,
      );
    },
    right: {},
    published: { cors: 'anonymous', includeCacheMisses: false, forcePrefetchRatio: 0 },
  },
  {
    number: '26',
    promise: 'one URL is requested once, whatever the ratio draws',
    observe: async (stage) => {
      const { site, tab } = await stage.start('', { pages: keptPages('/a', '/pages/1') });
      await tab.controlled();
      await ask(
        tab,
        `Promise.all(Array.from({ length: 40 }, () => Edgio.prefetch('/a', 'fetch', { forcePrefetchRatio: 0.5 })))`,
      );
      await site.whenPrefetched('/a');
      await ask(tab, `Edgio.prefetch('/pages/1')`);
      await tab.stored('/a', '/pages/1');
      return new Set(site.asked('/a').map((request) => request.url)).size;
    },
    right: 1,
    published: 2,
  },
  {
    number: '27',
    promise: 'Safari without WebSQL gets its worker',
    observe: async (stage) => {
      const before = (): void => {
        const userAgent =
          'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
        Object.defineProperty(Navigator.prototype, 'userAgent', { get: () => userAgent });
      };
      const { tab } = await stage.start('', { before });
      await tab.until(() => 'Edgio' in window);
      return ask(tab, 'settles(navigator.serviceWorker.ready)');
    },
    right: 'resolved',
    published: 'pending',
  },
  {
    number: '28',
    promise: 'prefetch() on a page without a controlling worker comes to an end',
    observe: async (stage) => {
      const { tab } = await stage.start('', { pages: keptPages('/hr') });
      await tab.controlled();
      await tab.reloadPastWorker();
      await tab.until(() => 'Edgio' in window);
      return ask(tab, `settles(Edgio.prefetch('/hr'))`);
    },
    right: 'resolved',
    published: 'pending',
  },
];
