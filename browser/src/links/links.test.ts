// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Options } from '../core/pageTypes.js';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { options } from '../window/options.js';
import { Links } from './index.js';

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

function start(markup: string, manifest: unknown = PAGES, changes: Partial<Options> = {}): Links {
  if (manifest) vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', manifest);
  document.body.innerHTML = markup;
  // The listeners of earlier tests are still there; they write into separate lists.
  const own = prefetched;
  return new Links({
    options: { ...options, ...changes },
    prefetch: async (url) => own.push(new URL(url).pathname),
    warn: (problem) => warnings.push(problem),
  });
}

async function showAll(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  FakeIntersectionObserver.show(...document.querySelectorAll('a'));
  await vi.advanceTimersByTimeAsync(5000);
}

const GUIDE = '<a href="/pages/1">1</a><a href="/pages/2">2</a><a href="/other">3</a>';

test('visible links that the manifest makes prefetchable are prefetched', async () => {
  start(GUIDE);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2']);
});

test('invisible links are not', async () => {
  start(GUIDE);
  await vi.advanceTimersByTimeAsync(5000);
  expect(prefetched).toEqual([]);
});

test('prefetchPatterns add links', async () => {
  start(GUIDE, PAGES, { prefetchPatterns: [/^\/other$/] });
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/other']);
});

test('fault 15: a global pattern adds all links', async () => {
  start('<a href="/p/1"></a><a href="/p/2"></a><a href="/p/3"></a>', PAGES, { prefetchPatterns: [/\/p\//g] });
  await showAll();
  expect(prefetched).toEqual(['/p/1', '/p/2', '/p/3']);
});

test('ignorePatterns take links away', async () => {
  start(GUIDE, PAGES, { ignorePatterns: [/2$/] });
  await showAll();
  expect(prefetched).toEqual(['/pages/1']);
});

test('fault 6: a bad link hurts no other', async () => {
  start(`<a href="http://"></a>${GUIDE}`);
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2']);
});

test('fault 13: patterns that change are taken up, without a second request', async () => {
  const changed = { ...options, prefetchPatterns: [] as RegExp[] };
  const own = prefetched;
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', PAGES);
  document.body.innerHTML = GUIDE;
  const links = new Links({
    options: changed,
    prefetch: async (url) => own.push(new URL(url).pathname),
    warn: vi.fn(),
  });
  await showAll();
  changed.prefetchPatterns = [/other/];
  links.renew();
  await showAll();
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/other']);
});

describe('another address in the same document', () => {
  const many = (name: string): string =>
    [1, 2].map((number) => `<a href="/pages/${name}${number}"></a>`).join('');

  test('has its own budget, for links that come with it', async () => {
    start(many('a'), PAGES, { maxPrefetches: 2 });
    await showAll();
    history.pushState(null, '', '/next');
    document.body.innerHTML = many('b');
    await showAll();
    await showAll(); // A real observer tells anew what it sees when it starts anew.
    expect(prefetched).toEqual(['/pages/a1', '/pages/a2', '/pages/b1', '/pages/b2']);
  });

  test.each(['popstate', 'currententrychange'])(
    'lets links that stay be looked at again: %s',
    async (event) => {
      const navigation = new EventTarget();
      vi.stubGlobal('navigation', navigation);
      start(GUIDE);
      await showAll();
      history.pushState(null, '', '/next');
      (event === 'popstate' ? window : navigation).dispatchEvent(new Event(event));
      await showAll();
      expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/1', '/pages/2']);
    },
  );

  test('is not one with another fragment', async () => {
    start(GUIDE);
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
    start(GUIDE);
    await showAll();
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: shown.persisted }));
    await showAll();
    expect(prefetched).toEqual(shown.expected);
  },
);

test('a link can be asked for again when the store was emptied', async () => {
  const links = start(GUIDE);
  await showAll();
  links.forget();
  document.querySelector('a')?.dispatchEvent(new Event('mouseover', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(5000);
  expect(prefetched).toEqual(['/pages/1', '/pages/2', '/pages/1']);
});

describe('triggers', () => {
  test('without "visible" leave visible links alone', async () => {
    start(GUIDE, PAGES, { triggers: ['hover'] });
    await showAll();
    expect(prefetched).toEqual([]);
  });

  test.each([
    ['hover', 'mouseover'],
    ['touch', 'touchstart'],
    ['focus', 'focusin'],
  ] as const)('%s prefetches a link', async (trigger, event) => {
    start(GUIDE, PAGES, { triggers: [trigger] });
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
      start(GUIDE);
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
    start(GUIDE, null, { prefetchPatterns: [/other/] });
    await showAll();
    expect(prefetched).toEqual(['/other']);
  });

  test('fault 3: that fails to load is one line on the console', async () => {
    vi.spyOn(document.head, 'append').mockImplementation((script) =>
      queueMicrotask(() => (script as HTMLScriptElement).onerror?.('404')),
    );
    start(GUIDE, null);
    await showAll();
    expect(warnings.length).toBe(1);
  });

  test('that the page may not even ask for is one line on the console', async () => {
    vi.spyOn(HTMLScriptElement.prototype, 'src', 'set').mockImplementation(() => {
      throw new TypeError('This document requires TrustedScriptURL');
    });
    start(GUIDE, null);
    await showAll();
    expect(warnings.length).toBe(1);
  });

  test('that hangs does not hold up the patterns', async () => {
    vi.spyOn(document.head, 'append').mockReturnValue();
    start(GUIDE, null, { prefetchPatterns: [/other/] });
    await showAll();
    expect(prefetched).toEqual(['/other']);
  });

  test('comes from cacheHost', () => {
    const append = vi.spyOn(document.head, 'append').mockReturnValue();
    start(GUIDE, null, { cacheHost: 'cdn.example' });
    expect(append.mock.calls.map(([script]) => (script as HTMLScriptElement).src)).toEqual([
      'https://cdn.example/__edgio__/cache-manifest.js',
    ]);
  });

  test('that stands in the page is not loaded', () => {
    const append = vi.spyOn(document.head, 'append').mockReturnValue();
    start(GUIDE);
    expect(append).not.toHaveBeenCalled();
  });

  test.each([{}, { rules: {} }, 5])('of another form prefetches nothing: %j', async (manifest) => {
    start(GUIDE, manifest);
    await showAll();
    expect([prefetched, warnings.length]).toEqual([[], 1]);
  });

  test('fault 6: with a bad rule works by the others', async () => {
    start(GUIDE, { rules: [{ if: [{ '~~': [{ request: 'path' }, 'x'] }, HOUR] }, ...PAGES.rules] });
    await showAll();
    expect([prefetched, warnings.length]).toEqual([['/pages/1', '/pages/2'], 1]);
  });
});
