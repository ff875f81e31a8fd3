// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { InstallOptions } from '../core/pageTypes.js';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import type { FakePage, FakePageOptions } from '../testing/fakePage.js';
import { openPage } from '../testing/openPage.js';

const SHOP = 'https://shop.example';

/** Opens a page and installs at once. */
async function installed(options?: InstallOptions, page?: FakePageOptions) {
  const opened = await openPage(page);
  await opened.install(options);
  return opened;
}

beforeEach(() => {
  FakeIntersectionObserver.install();
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', { rules: [] });
});

describe('the worker', () => {
  test('is registered at its default path and scope', async () => {
    const { page } = await installed();
    expect(page.register).toHaveBeenCalledExactlyOnceWith(new URL(`${SHOP}/service-worker.js`), {
      scope: `${SHOP}/`,
    });
  });

  test('serviceWorkerPath and serviceWorkerScope', async () => {
    const { page } = await installed({ serviceWorkerPath: '/sw.js', serviceWorkerScope: '/shop/' });
    expect(page.register).toHaveBeenCalledExactlyOnceWith(new URL(`${SHOP}/sw.js`), {
      scope: `${SHOP}/shop/`,
    });
  });

  test('is registered when the page has loaded, not before', async () => {
    const { page, install } = await openPage({ isControlled: false });
    const state = vi.spyOn(document, 'readyState', 'get').mockReturnValue('interactive');
    const done = install();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = page.register.mock.calls.length;
    state.mockReturnValue('complete');
    window.dispatchEvent(new Event('load'));
    await done;
    expect([before, page.register.mock.calls.length]).toEqual([0, 1]);
  });

  test('that may not even be asked for, as in a sandbox, is one line on the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { install } = await openPage();
    Object.defineProperty(navigator, 'serviceWorker', {
      get: () => {
        throw new DOMException('The document is sandboxed', 'SecurityError');
      },
      configurable: true,
    });
    await install();
    expect(warn).toHaveBeenCalledOnce();
  });

  test('that cannot be registered is one line on the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { page, install } = await openPage();
    page.register.mockRejectedValue(new Error('404'));
    await install();
    expect(warn.mock.calls).toEqual([['prefetch: the service worker cannot be registered: Error: 404']]);
  });

  test('onServiceWorkerRegistered', async () => {
    const onServiceWorkerRegistered = vi.fn();
    const { page } = await installed({ onServiceWorkerRegistered });
    expect(onServiceWorkerRegistered).toHaveBeenCalledExactlyOnceWith(page.registration);
  });

  test('onServiceWorkerRegistered that fails is reported unchanged', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    await installed({
      onServiceWorkerRegistered: () => {
        throw new Error('broken');
      },
    });
    expect(warn.mock.calls).toEqual([['prefetch: onServiceWorkerRegistered failed: Error: broken']]);
  });

  test('onServiceWorkerStateChange', async () => {
    const onServiceWorkerStateChange = vi.fn();
    const { page } = await installed({ onServiceWorkerStateChange });
    installNext(page);
    expect(onServiceWorkerStateChange).toHaveBeenCalledExactlyOnceWith(page.registration);
  });

  test('a new version dispatches an event on the document', async () => {
    const heard = vi.fn();
    document.addEventListener('sw-update-available', heard, { once: true });
    const { page } = await installed();
    installNext(page);
    expect(heard).toHaveBeenCalledOnce();
  });

  test('a version that has been waiting since an earlier page does too', async () => {
    const heard = vi.fn();
    document.addEventListener('sw-update-available', heard, { once: true });
    const { page, install } = await openPage();
    page.registration.waiting = { state: 'installed' };
    await install();
    expect(heard).toHaveBeenCalledOnce();
  });

  test('fault 27: no browser is asked for its name or its databases', async () => {
    const openDatabase = vi.fn();
    vi.stubGlobal('openDatabase', openDatabase);
    const userAgent = vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue('Version/18.0 Safari/605.1.15');
    const { page } = await installed();
    expect([page.register, userAgent, openDatabase].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
  });
});

/** A next version of the worker reaches the state "installed". */
function installNext({ registration }: FakePage): void {
  registration.installing = Object.assign(new EventTarget(), { state: 'installed' });
  registration.dispatchEvent(new Event('updatefound'));
  registration.installing.dispatchEvent(new Event('statechange'));
}

describe('prefetchURLs', () => {
  test('are prefetched', async () => {
    const { page } = await installed({ prefetchURLs: ['/a', '/b'] });
    await vi.waitFor(() => expect(page.hrefs.length).toBe(2));
  });

  test('a bad one is a line on the console and hurts no other', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { page } = await installed({ prefetchURLs: ['http://', '/b'] });
    await vi.waitFor(() => expect([page.hrefs.length, warn.mock.calls.length]).toEqual([1, 1]));
  });

  test('fault 3: do not wait for a manifest that never comes', async () => {
    vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', undefined);
    const { page } = await installed({ prefetchURLs: ['/a'] });
    await vi.waitFor(() => expect(page.hrefs.length).toBe(1));
  });
});

test('fault 3: the worker does not wait for a manifest that never comes', async () => {
  vi.stubGlobal('__EDGIO_CACHE_MANIFEST__', undefined);
  vi.spyOn(console, 'warn').mockReturnValue();
  const { page } = await installed();
  expect(page.register).toHaveBeenCalledOnce();
});

test('watch calls back for visible elements', async () => {
  const callback = vi.fn();
  const { install } = await openPage();
  document.body.innerHTML = '<p class="t"></p>';
  await install({ watch: [{ selector: '.t', callback }] });
  FakeIntersectionObserver.show(document.querySelector('.t') as Element);
  await vi.waitFor(() => expect(callback).toHaveBeenCalledOnce());
});

test('clear() lets a link be prefetched again', async () => {
  const { page, counters, install, clear } = await openPage();
  document.body.innerHTML = '<a href="/q/1"></a>';
  await install({ prefetchPatterns: [/^\/q\//] });
  const touch = (): unknown =>
    document.querySelector('a')?.dispatchEvent(new Event('touchstart', { bubbles: true }));
  touch();
  await vi.waitFor(() => expect(counters.prefetch).toBe(1));
  await clear();
  touch();
  await vi.waitFor(() => expect(page.hrefs.length).toBe(2));
});

describe('a second install()', () => {
  test('registers no second worker', async () => {
    const { page, install } = await installed();
    await install();
    expect(page.register).toHaveBeenCalledOnce();
  });

  test('fault 13: takes up its options', async () => {
    const { page, install } = await installed();
    document.body.innerHTML = '<a href="/q/1"></a>';
    await install({ prefetchPatterns: [/^\/q\//], dwellMilliseconds: 0 });
    FakeIntersectionObserver.show(document.querySelector('a') as Element);
    await vi.waitFor(() => expect(page.hrefs.length).toBe(1));
  });

  test('fault 13: observes no link twice', async () => {
    const { install } = await installed();
    await install();
    expect(FakeIntersectionObserver.all.length).toBe(1);
  });
});

describe('options of another form', () => {
  test('null is as good as absent', async () => {
    const { install } = await openPage();
    const { options } = await import('./options.js');
    await install({ observe: null, triggers: null } as unknown as InstallOptions);
    expect([options.observe, options.triggers.length]).toEqual([{}, 5]);
  });

  test.each(['prefetchPatterns', 'ignorePatterns'] as const)('%s may be one expression', async (name) => {
    const { install } = await openPage();
    const { options } = await import('./options.js');
    await install({ [name]: /x/ } as unknown as InstallOptions);
    expect(options[name]).toEqual([/x/]);
  });
});

test('an insecure page is one line on the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  await installed({}, { hasWorkers: false });
  expect(warn).toHaveBeenCalledOnce();
});

describe('the page itself', () => {
  test('is a hit when the worker answered for it', async () => {
    const { page, counters, install } = await openPage();
    page.answer = (message) =>
      message.action === 'get-stats' ? { stats: {}, servedFromStore: true } : undefined;
    await install();
    await vi.waitFor(() => expect(counters.hit).toBe(1));
  });

  test("is a hit when it came from the browser's own prefetch", async () => {
    const { page, counters, install } = await openPage();
    page.answer = () => ({ stats: {}, servedFromStore: false });
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
      { deliveryType: 'navigational-prefetch' } as unknown as PerformanceNavigationTiming,
    ]);
    await install();
    await vi.waitFor(() => expect(counters.hit).toBe(1));
  });
});

describe('what configure() asks for starts', () => {
  const standBack = vi.fn();
  const measure = vi.fn();

  beforeEach(() => {
    vi.doMock('./measure.js', () => ({ measure, standBack }));
    return () => {
      vi.doUnmock('./measure.js');
      vi.clearAllMocks();
    };
  });

  test.each([
    ['after install()', true],
    ['before it', false],
  ])('%s', async (_, isLate) => {
    const callback = vi.fn();
    const { page, install, configure } = await openPage();
    document.body.innerHTML = '<p class="t"></p><a href="/q/1"></a>';
    if (isLate) await install();
    configure({
      overlay: true,
      measure: '/view',
      triggers: ['heading', 'touch'],
      prefetchURLs: ['/a'],
      prefetchPatterns: [/^\/q\//],
      watch: [{ selector: '.t', callback }],
    });
    if (!isLate) await install();
    await vi.waitFor(() => {
      expect(document.querySelector('prefetch-overlay')).not.toBeNull();
      expect(measure).toHaveBeenCalledOnce();
      FakeIntersectionObserver.show(document.querySelector('.t') as Element);
      expect(callback).toHaveBeenCalled();
      document.querySelector('a')?.dispatchEvent(new Event('touchstart', { bubbles: true }));
      expect(page.hrefs).toHaveLength(2);
    });
  });

  test('"heading"', async () => {
    const watchHeading = vi.fn();
    vi.doMock('./heading.js', () => ({ watchHeading }));
    const { configure } = await installed();
    configure({ triggers: ['heading'] });
    configure({ triggers: ['heading', 'touch'] });
    await vi.waitFor(() => expect(watchHeading).toHaveBeenCalledOnce());
    vi.doUnmock('./heading.js');
  });

  test('measuring, where there was a control group before', async () => {
    const { configure } = await installed({ control: 0.000001 });
    await vi.waitFor(() => expect(standBack).toHaveBeenCalledOnce());
    configure({ measure: '/view' });
    configure({ measure: '/view' });
    await vi.waitFor(() => expect(measure).toHaveBeenCalledOnce());
  });

  test('prefetching, for a visitor who was in the control group', async () => {
    const { page, install, configure, prefetch } = await openPage();
    vi.stubGlobal('localStorage', { edgio_group: '0.01' });
    document.body.innerHTML = '<a href="/q/1"></a>';
    await install({ control: 0.05, prefetchPatterns: [/^\/q\//] });
    expect(await prefetch('/c')).toBe('skipped');
    configure({ control: 0 });
    await vi.waitFor(() => expect(page.register).toHaveBeenCalledOnce());
    FakeIntersectionObserver.show(document.querySelector('a') as Element);
    await vi.waitFor(() => expect(page.hrefs).toHaveLength(1));
  });

  test('not what it does not name', async () => {
    const { page, configure } = await installed({ prefetchURLs: ['/a'] });
    await vi.waitFor(() => expect(page.hrefs).toHaveLength(1));
    page.outcome = () => ({ event: 'refused' });
    const before = page.sent.length;
    configure({ maxPrefetches: 3 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(page.sent).toHaveLength(before);
    expect(page.register).toHaveBeenCalledOnce();
  });
});

test('a second install() can show the overlay', async () => {
  const { install } = await installed();
  await install({ overlay: true });
  await vi.waitFor(() => expect(document.querySelector('prefetch-overlay')).not.toBeNull());
});

test('overlay shows the overlay', async () => {
  await installed({ overlay: true });
  await vi.waitFor(() => expect(document.querySelector('prefetch-overlay')).not.toBeNull());
});

describe('in the control group', () => {
  test('nothing is prefetched, watched or registered', async () => {
    const { page, install, prefetch } = await openPage();
    vi.stubGlobal('localStorage', { edgio_group: '0.01' });
    document.body.innerHTML = '<a href="/a">a</a>';
    await install({ control: 0.05, prefetchURLs: ['/b'] });
    expect(await prefetch('/c')).toBe('skipped');
    expect(page.hrefs).toEqual([]);
    expect(page.register).not.toHaveBeenCalled();
  });

  test('other visitors get prefetches as usual', async () => {
    const { page, install, prefetch } = await openPage();
    vi.stubGlobal('localStorage', { edgio_group: '0.06' });
    await install({ control: 0.05 });
    await prefetch('/c');
    expect(page.hrefs).toHaveLength(1);
    expect(page.register).toHaveBeenCalledOnce();
  });
});
