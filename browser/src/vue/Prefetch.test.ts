// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type App, createApp, h, nextTick, reactive, resolveComponent, type VNode } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { prefetch } from '../components/prefetch.js';
import { observedCount, show, stubVisibility } from '../testing/visibility.js';
import DefaultPrefetch, { Prefetch } from './index.js';

vi.mock('../components/prefetch.js', () => ({ prefetch: vi.fn() }));

let container: HTMLElement;
let app: App | undefined;
beforeEach(() => {
  stubVisibility();
  vi.mocked(prefetch).mockClear();
  container = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  app?.unmount();
  container.remove();
});

const link = (): Element | null => container.querySelector('a');
const urls = (): unknown[] => vi.mocked(prefetch).mock.calls.map(([url]) => url);

async function mount(render: () => VNode): Promise<void> {
  app = createApp({ render });
  const router = createRouter({
    history: createMemoryHistory('/base/'),
    routes: [{ path: '/:all(.*)*', name: 'all', component: { render: () => null } }],
  });
  app.use(router).mount(container);
  await router.isReady();
  await nextTick();
}

const mountLink = (props: object, href = '/1'): Promise<void> =>
  mount(() => h(Prefetch, props, () => h('a', { href }, 'link')));

it('is the default export too, as in the guide', () => {
  expect(DefaultPrefetch).toBe(Prefetch);
});

describe('what is prefetched', () => {
  it('is the url, when the link becomes visible and not before', async () => {
    await mountLink({ url: '/api/1' });
    expect(urls()).toEqual([]);
    await show(link());
    expect(urls()).toEqual(['/api/1']);
  });

  it('is what the url function makes of the href', async () => {
    await mountLink({ url: (href: string) => `/api${href}` });
    await show(link());
    expect(urls()).toEqual(['/api/1']);
  });

  it('is what a promise of a url brings', async () => {
    await mountLink({ url: Promise.resolve('/api/later') });
    await show(link());
    expect(urls()).toEqual(['/api/later']);
  });

  it('is the href of a link without a url', async () => {
    await mountLink({});
    await show(link());
    expect(urls()).toEqual(['/1']);
  });

  it('is nothing for an element without href', async () => {
    await mount(() => h(Prefetch, null, () => h('p', 'text')));
    await show(container.querySelector('p'));
    expect(urls()).toEqual([]);
  });
});

describe('a router link (fault 17)', () => {
  it.each([
    ['a path', '/some/page', '/base/some/page'],
    ['an object', { path: '/some/page', query: { q: '1' } }, '/base/some/page?q=1'],
  ])('whose to is %s is prefetched where it leads', async (_, to, expected) => {
    await mount(() => h(Prefetch, null, () => h(resolveComponent('router-link'), { to }, () => 'page')));
    expect(urls()).toEqual([]);
    await show(link());
    expect(urls()).toEqual([expected]);
  });
});

it('passes the options of prefetch() on', async () => {
  const options = { cors: false, maxAgeSeconds: 60, includeCacheMisses: true, forcePrefetchRatio: 0.5 };
  await mountLink({ prefetchAs: 'image', ...options });
  await show(link());
  expect(prefetch).toHaveBeenCalledExactlyOnceWith('/1', 'image', options);
});

it('leaves options that are not given to install()', async () => {
  await mountLink({ immediately: true });
  expect(prefetch).toHaveBeenCalledExactlyOnceWith('/1', 'fetch', {});
});

it('immediately prefetches at mount', async () => {
  await mountLink({ immediately: true });
  await vi.waitFor(() => expect(urls()).toEqual(['/1']));
});

it('prefetches a new url when it changes, and the same one once', async () => {
  const state = reactive({ url: '/1', text: 'a' });
  await mount(() => h(Prefetch, { url: state.url }, () => h('a', { href: '/1' }, state.text)));
  await show(link());
  state.text = 'b';
  await nextTick();
  await show(link());
  state.url = '/2';
  await nextTick();
  await show(link());
  expect(urls()).toEqual(['/1', '/2']);
});

it('stops looking when it goes away', async () => {
  const state = reactive({ shown: true });
  await mount(() => h('div', state.shown ? [h(Prefetch, null, () => h('a', { href: '/1' }))] : []));
  expect(observedCount()).toBe(1);
  state.shown = false;
  await nextTick();
  expect(observedCount()).toBe(0);
});

it('says on the console when a url cannot be had', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await mountLink({ url: () => Promise.reject(new Error('offline')), immediately: true });
  await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.stringContaining('offline')));
  expect(urls()).toEqual([]);
});
