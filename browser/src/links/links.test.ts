// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Options } from '../core/pageTypes.js';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { options } from '../window/options.js';

const HOUR = { caching: { max_age: '1h', service_worker_max_age: '1h' } };
const PAGES = { rules: [{ if: [{ '==': [{ request: 'path' }, '/pages/:id'] }, HOUR] }] };

let prefetched: string[];
let warnings: string[];

beforeEach(() => {
  vi.useFakeTimers();
  FakeIntersectionObserver.install();
  (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(
    'https://shop.example/',
  );
  prefetched = [];
  warnings = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Starts to watch a page's links, in fresh modules: they hold what is known of one page. */
async function start(
  markup: string,
  manifest: unknown = PAGES,
  changes: Partial<Options> = {},
): Promise<typeof import('./index.js') & typeof import('./queue.js')> {
  if (manifest) vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', manifest);
  document.body.innerHTML = markup;
  vi.resetModules();
  const [links, queue] = [await import('./index.js'), await import('./queue.js')];
  const { targetOf } = await import('../core/target.js');
  const { loadManifest } = await import('./loadManifest.js');
  const { loadLikely } = await import('./likely.js');
  // The listeners of earlier tests are still there; they write into separate lists.
  const [own, said] = [prefetched, warnings];
  const warn = (problem: string): unknown => said.push(problem);
  links.watchLinks({
    options: Object.assign(changes, { ...options, ...changes }),
    prefetch: async (url) => {
      own.push(new URL(url).pathname);
      return 'prefetched';
    },
    warn,
    loadLikely: (...given) => loadLikely('https://shop.example', ...given),
    loadReader: async () => targetOf,
    loadManifest: () => loadManifest('https://shop.example', warn),
  });
  return { ...links, ...queue };
}

async function showAll(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  FakeIntersectionObserver.show(...document.querySelectorAll('a'));
  await vi.advanceTimersByTimeAsync(5000);
}

test('a URL with escapes is read by a part that is loaded for it', async () => {
  await start('<a href="/pages/%41">1</a>');
  await showAll();
  await showAll();
  expect(prefetched).toEqual(['/pages/%41']);
});

const GUIDE = '<a href="/pages/1">1</a><a href="/pages/2">2</a><a href="/other">3</a>';

test('visible links that the manifest makes prefetchable are prefetched', async () => {
  await start(GUIDE);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2']);
});

const LEARNED = '<a href="/pages/1">1</a><a href="/pages/2">2</a><a href="/pages/3?a=b">3</a>';

function learned(rows: unknown, load = async (): Promise<unknown> => ({ json: async () => rows })) {
  vi.stubGlobal('__EDGIO_NAVIGATION__', ['/__edgio__/navigation/abc/', 1]);
  const fetched = vi.fn(load);
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

test.each(['/', '#2a0c975e'])('likely links of %s, by name or hash, go first', async (row) => {
  const fetched = learned([`#${row}\n#/pages/2\n*3?a=b`, '#%(#$&\n\n']);
  const { react } = await start(LEARNED);
  await showAll();
  expect(fetched.mock.calls).toEqual([['https://shop.example/__edgio__/navigation/abc/0.json']]);
  expect(prefetched).toEqual(['/pages/3', '/pages/2']);
  react(document.links[0] as Element, 'hover');
  expect(prefetched).toEqual(['/pages/3', '/pages/2', '/pages/1']);
});

test('a page of which nothing is known behaves as without any model', async () => {
  learned(['#/other\n$pages/3?a=b', '#$(\n']);
  await start(LEARNED);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/3']);
});

test.each([
  ['does not come', () => new Promise(() => {})],
  ['fails', () => Promise.reject(new TypeError('no network'))],
])('a file that %s keeps nothing from being prefetched', async (_, load) => {
  learned([], load as () => Promise<unknown>);
  await start(LEARNED);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/3']);
});

test('invisible links are not', async () => {
  await start(GUIDE);
  await vi.advanceTimersByTimeAsync(5000);
  expect(prefetched).toEqual([]);
});

test('prefetchPatterns add links', async () => {
  await start(GUIDE, PAGES, { prefetchPatterns: [/^\/other$/] });
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/other']);
});

test('fault 15: a global pattern adds all links', async () => {
  await start('<a href="/p/1"></a><a href="/p/2"></a><a href="/p/3"></a>', PAGES, {
    prefetchPatterns: [/\/p\//g],
  });
  await showAll();
  expect(prefetched).toEqual(['/p/1', '/p/2', '/p/3']);
});

test('ignorePatterns take links away', async () => {
  await start(GUIDE, PAGES, { ignorePatterns: [/2$/] });
  await showAll();
  expect(prefetched).toEqual(['/pages/1']);
});

test('fault 6: a bad link hurts no other', async () => {
  await start(`<a href="http://"></a>${GUIDE}`);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2']);
});

test('fault 13: patterns that change are taken up, without a second request', async () => {
  const changed = { prefetchPatterns: [] as RegExp[] };
  const { renewLinks } = await start(GUIDE, PAGES, changed);
  await showAll();
  changed.prefetchPatterns = [/other/];
  renewLinks();
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/other']);
});

test('fault 12: a link whose href changes is prefetched again', async () => {
  await start(GUIDE);
  await showAll();
  document.querySelector('a')?.setAttribute('href', '/pages/3');
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/3']);
});

test('but not when observe.attributes is false', async () => {
  await start(GUIDE, PAGES, { observe: { attributes: false } });
  await showAll();
  document.querySelector('a')?.setAttribute('href', '/pages/3');
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2']);
});

test.each([
  [false, ['/pages/1', '/pages/2', '/pages/4']],
  [true, ['/pages/1', '/pages/2']],
])('links that are added later are prefetched, unless observe.disabled: %s', async (disabled, expected) => {
  await start(GUIDE, PAGES, { observe: { disabled } });
  await showAll();
  document.body.insertAdjacentHTML('beforeend', '<div><a href="/pages/4">4</a></div>');
  await showAll();
  expect(prefetched).toEqual(expected);
});

test('after a scroll a link has to stay in view for dwellMilliseconds', async () => {
  await start(GUIDE, PAGES, { dwellMilliseconds: 10_000 });
  document.dispatchEvent(new Event('scroll', { bubbles: true }));
  await showAll();
  const before = [...prefetched];
  await vi.advanceTimersByTimeAsync(10_000);
  expect([before, prefetched]).toEqual([[], ['/pages/1', '/pages/2']]);
});

describe('another address in the same document', () => {
  const many = (name: string): string =>
    [1, 2].map((number) => `<a href="/pages/${name}${number}"></a>`).join('');

  test('has its own budget, for links that come with it', async () => {
    await start(many('a'), PAGES, { maxPrefetches: 2 });
    await showAll();
    history.pushState(null, '', '/next');
    document.body.innerHTML = many('b');
    await showAll();
    await showAll(); // A real observer reports what it sees each time it starts.
    expect(prefetched).toEqual(['/pages/a1', '/pages/a2', '/pages/b1', '/pages/b2']);
  });

  test.each(['popstate', 'currententrychange'])(
    'lets links that stay be looked at again: %s',
    async (event) => {
      const navigation = new EventTarget();
      vi.stubGlobal('navigation', navigation);
      await start(GUIDE);
      await showAll();
      history.pushState(null, '', '/next');
      (event === 'popstate' ? window : navigation).dispatchEvent(new Event(event));
      await showAll();
      expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/1', '/pages/2']);
    },
  );

  test('is not one with another fragment', async () => {
    await start(GUIDE);
    await showAll();
    history.pushState(null, '', '#part');
    dispatchEvent(new Event('popstate'));
    await showAll();
    expect(prefetched).toEqual(['/pages/1', '/pages/2']);
  });
});

test.each([
  { persisted: true, expected: ['/pages/1', '/pages/2', '/pages/1', '/pages/2'] },
  { persisted: false, expected: ['/pages/1', '/pages/2'] },
])(
  'links are looked at again when the browser shows a page again that it has kept: $persisted',
  async (shown) => {
    await start(GUIDE);
    await showAll();
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: shown.persisted }));
    await showAll();
    expect(prefetched).toEqual(shown.expected);
  },
);

test('a link can be asked for again when the store was emptied', async () => {
  const links = await start(GUIDE);
  await showAll();
  links.renewBudget();
  document.querySelector('a')?.dispatchEvent(new Event('mouseover', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(5000);
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/1']);
});

describe('triggers', () => {
  test('without "visible" leave visible links alone', async () => {
    await start(GUIDE, PAGES, { triggers: ['hover'] });
    await showAll();
    expect(prefetched).toEqual([]);
  });

  test.each([
    ['hover', 'mouseover'],
    ['press', 'mousedown'],
    ['touch', 'touchstart'],
    ['focus', 'focusin'],
  ] as const)('%s prefetches a link', async (trigger, event) => {
    await start(GUIDE, PAGES, { triggers: [trigger] });
    document.querySelector('a')?.dispatchEvent(new Event(event, { bubbles: true }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(prefetched).toEqual(['/pages/1']);
  });
});

describe('politeness', () => {
  test.each([{ saveData: true }, { effectiveType: '2g' }, { effectiveType: 'slow-2g' }])(
    'nothing is prefetched with %j',
    async (connection) => {
      Object.defineProperty(navigator, 'connection', { value: connection, configurable: true });
      await start(GUIDE);
      await showAll();
      Reflect.deleteProperty(navigator, 'connection');
      expect(prefetched).toEqual([]);
    },
  );
});

describe('a manifest', () => {
  test('fault 3: that fails to load leaves the patterns', async () => {
    vi.spyOn(document.head, 'append').mockImplementation((script) =>
      queueMicrotask(() => (script as HTMLScriptElement).onerror?.('404')),
    );
    await start(GUIDE, null, { prefetchPatterns: [/other/] });
    await showAll();
    expect(prefetched).toEqual(['/other']);
  });

  test('fault 3: that fails to load is one line on the console', async () => {
    vi.spyOn(document.head, 'append').mockImplementation((script) =>
      queueMicrotask(() => (script as HTMLScriptElement).onerror?.('404')),
    );
    await start(GUIDE, null);
    await showAll();
    expect(warnings.length).toBe(1);
  });

  test('that the page may not even ask for is one line on the console', async () => {
    vi.spyOn(HTMLScriptElement.prototype, 'src', 'set').mockImplementation(() => {
      throw new TypeError('This document requires TrustedScriptURL');
    });
    await start(GUIDE, null);
    await showAll();
    expect(warnings.length).toBe(1);
  });

  test('that the edge has compiled is used at once', async () => {
    const append = vi.spyOn(document.head, 'append').mockReturnValue();
    vi.stubGlobal('__EDGIO_PREFETCHABLE__', (path: string) => path === '/pages/2');
    await start(GUIDE, null);
    await showAll();
    expect([prefetched, append.mock.calls]).toEqual([['/pages/2'], []]);
  });

  test('that comes late decides what was seen or pointed at before', async () => {
    vi.spyOn(document.head, 'append').mockImplementation((script) =>
      setTimeout(() => {
        vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', PAGES);
        (script as HTMLScriptElement).onload?.(new Event('load'));
      }, 7000),
    );
    await start(GUIDE, null, { triggers: ['hover'] });
    document.querySelector('a')?.dispatchEvent(new Event('mouseover', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(8000);
    expect(prefetched).toEqual(['/pages/1']);
  });

  test('that hangs does not hold up the patterns', async () => {
    vi.spyOn(document.head, 'append').mockReturnValue();
    await start(GUIDE, null, { prefetchPatterns: [/other/] });
    await showAll();
    expect(prefetched).toEqual(['/other']);
  });

  test('comes from the root', async () => {
    const append = vi.spyOn(document.head, 'append').mockReturnValue();
    await start(GUIDE, null);
    expect(append.mock.calls.map(([script]) => (script as HTMLScriptElement).src)).toEqual([
      'https://shop.example/__edgio__/cache-manifest.js',
    ]);
  });

  test('that stands in the page is not loaded', async () => {
    const append = vi.spyOn(document.head, 'append').mockReturnValue();
    await start(GUIDE);
    expect(append).not.toHaveBeenCalled();
  });

  test.each([{}, { rules: {} }, 5])('of another form prefetches nothing: %j', async (manifest) => {
    await start(GUIDE, manifest);
    await showAll();
    expect([prefetched, warnings.length]).toEqual([[], 1]);
  });

  test('fault 6: with a bad rule works by the others', async () => {
    await start(GUIDE, { rules: [{ if: [{ '~~': [{ request: 'path' }, 'x'] }, HOUR] }, ...PAGES.rules] });
    await showAll();
    expect([prefetched, warnings.length]).toEqual([['/pages/1', '/pages/2'], 1]);
  });
});

describe('a link that cannot be activated', () => {
  test('is looked at again when something may have shown it', async () => {
    vi.spyOn(HTMLElement.prototype, 'checkVisibility').mockReturnValue(false);
    await start(GUIDE);
    await showAll();
    const before = [...prefetched];
    vi.spyOn(HTMLElement.prototype, 'checkVisibility').mockReturnValue(true);
    document.body.dispatchEvent(new Event('transitionend', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(200);
    await showAll();
    expect([before, prefetched]).toEqual([[], ['/pages/1', '/pages/2']]);
  });

  test('is not looked at for ever', async () => {
    vi.spyOn(HTMLElement.prototype, 'checkVisibility').mockReturnValue(false);
    await start(GUIDE);
    for (let time = 0; time < 30; time++) await showAll();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('only links in `el` are prefetched by sight', async () => {
  document.body.innerHTML = '<nav></nav><main></main>';
  const [nav, main] = document.body.children as unknown as [Element, Element];
  vi.spyOn(document.body, 'innerHTML', 'set').mockReturnValue();
  nav.innerHTML = '<a href="/pages/1">1</a>';
  main.innerHTML = '<a href="/pages/2">2</a>';
  await start('', PAGES, { el: main });
  await showAll();
  expect(prefetched).toEqual(['/pages/2']);
});
