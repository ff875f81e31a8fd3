// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { navigationGlobal } from '../core/names.js';
import type { PrefetchEventDetail, PrefetchEventName } from '../core/pageTypes.js';
import { options } from '../window/options.js';
import { showOverlay } from './index.js';
import { LOOKS } from './marks.js';
import { servedFrom } from './servedFrom.js';

const STATS = { prefetched: 5, hits: 3, refused: 2, wasted: 1, entries: 4, bytes: 1500 };
const SHOP = 'https://shop.example';

let states: Map<string, PrefetchEventName>;
let details: Map<string, PrefetchEventDetail>;
let events: EventTarget;

beforeEach(async () => {
  vi.useFakeTimers();
  (window as unknown as { happyDOM: { setURL: (url: string) => void } }).happyDOM.setURL(`${SHOP}/`);
  document.body.innerHTML = `<a id="a" href="${SHOP}/a#top"></a><a id="again" href="${SHOP}/a"></a>
    <a id="b" href="${SHOP}/b"></a><a id="ruled" href="${SHOP}/pages/1"></a><a id="out" href="${SHOP}/logout"></a>
    <a id="file" href="${SHOP}/f" download></a><a id="off" href="${SHOP}/o" data-prefetch="false"></a>
    <a id="self" href="${SHOP}/#x"></a><a id="foreign" href="https://other.example/"></a><a id="mail" href="mailto:a"></a>`;
  states = new Map([[`${SHOP}/a`, 'prefetch']]);
  details = new Map();
  events = new EventTarget();
  const rules =
    () =>
    ({ path }: { path: string }) =>
      path.startsWith('/pages/');
  showOverlay({ options, rules, details, events, states, stats: async () => STATS, root: SHOP });
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  panel()?.querySelector('button')?.click();
  vi.useRealTimers();
});

const panel = (): ShadowRoot | null | undefined => document.querySelector('prefetch-overlay')?.shadowRoot;
const stateOf = (id: string): string | null | undefined =>
  document.getElementById(id)?.getAttribute('data-prefetch-state');

/** What the panel says when a link is pointed at. */
function said(id: string): string | null | undefined {
  document.getElementById(id)?.dispatchEvent(new Event('mouseover', { bubbles: true, composed: true }));
  return panel()?.querySelector('[aria-live]')?.textContent;
}

describe('the panel', () => {
  test('says where the page came from', () => {
    expect(panel()?.querySelector('p')?.textContent).toBe('Page from the network');
  });

  test.each([
    [{ activationStart: 12, deliveryType: 'navigational-prefetch' }, "the browser's prerender"],
    [{ activationStart: 0, deliveryType: 'navigational-prefetch' }, "the browser's prefetch"],
    [{ activationStart: 0, deliveryType: 'cache' }, 'the HTTP cache'],
  ])('says which cache of the browser that was: %o', (entry, from) => {
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([entry] as never);
    expect(servedFrom(states)).toBe(from);
    vi.restoreAllMocks();
  });

  test('counts the URLs of links by mark, beside the totals of all pages', () => {
    const cells = [...(panel()?.querySelectorAll('td') ?? [])].map(({ textContent }) => textContent);
    expect(cells).toEqual(['1', '5', '0', '3', '0', '2', '0', '', '0', '1']);
  });

  test('counts what has a frame, whatever else happened', async () => {
    states.set(`${SHOP}/style.css`, 'hit').set(`${SHOP}/b`, 'hit');
    await vi.advanceTimersByTimeAsync(1000);
    expect([...(panel()?.querySelectorAll('td') ?? [])][2]?.textContent).toBe('1');
  });

  test('shows how full the store is', () => {
    expect(panel()?.textContent).toContain('4 stored, 2 kB');
  });

  test('has no style element, which a policy could forbid', () => {
    expect([document.querySelector('style'), panel()?.querySelector('style')]).toEqual([null, null]);
  });
});

test('each mark has its own colour and line', () => {
  const looks = Object.values(LOOKS);
  expect(new Set(looks.map(({ colour }) => colour)).size).toBe(looks.length);
  expect(new Set(looks.map(({ line }) => line)).size).toBe(looks.length);
});

describe('pointing at a link', () => {
  test.each([
    ['a', '/a: prefetched: it is in the browser'],
    ['b', '/b: not prefetched: no rule makes it prefetchable'],
    ['ruled', expect.stringContaining('the budget of the page is used up (30)')],
    ['out', expect.stringContaining('/logout matches one of "ignorePatterns"')],
    ['file', '/f: not prefetched: a download'],
    ['off', '/o: not prefetched: data-prefetch="false"'],
    ['self', '/: not prefetched: this page itself'],
    ['foreign', expect.stringContaining('another origin')],
    ['mail', 'mailto:a: not prefetched: not a page'],
  ])('says what became of it: %s', (id, sentence) => {
    expect(said(id)).toEqual(sentence);
  });

  test.each([
    [412, 'refused', 'the edge has no stored response (412)'],
    [404, 'failed', 'not prefetched: status 404'],
    [200, 'failed', 'not prefetched: private'],
  ] as const)('tells a refusal with %s from others', (status, mark, sentence) => {
    const reason = status === 404 ? 'status 404' : 'private';
    details.set(`${SHOP}/b`, { url: `${SHOP}/b`, status, reason });
    states.set(`${SHOP}/b`, 'refused');
    events.dispatchEvent(new Event('refused'));
    expect([stateOf('b'), said('b')]).toEqual([mark, expect.stringContaining(sentence)]);
  });
});

describe('links', () => {
  test('have the state of their URL', () => {
    expect(stateOf('a')).toBe('prefetch');
  });

  test('without a state have none', () => {
    expect(stateOf('b')).toBeNull();
  });

  test('follow events at once', () => {
    states.set(`${SHOP}/b`, 'refused');
    events.dispatchEvent(new Event('refused'));
    expect(stateOf('b')).toBe('refused');
  });
});

describe('what was learned of the page', () => {
  const likelyOf = (id: string): string | null | undefined =>
    document.getElementById(id)?.getAttribute('data-prefetch-likely');

  beforeEach(async () => {
    panel()?.querySelector('button')?.click();
    vi.stubGlobal(navigationGlobal, ['/__edgio__/navigation/abc/', 1]);
    const file = ['#/\n$a\n$pages/1', '#$(#%%\n\n'];
    vi.stubGlobal('fetch', async (url: string) =>
      url === `${SHOP}/__edgio__/navigation/abc/0.json` ? Response.json(file) : Response.error(),
    );
    showOverlay({
      options,
      rules: () => () => true,
      details,
      events,
      states,
      stats: async () => STATS,
      root: SHOP,
    });
    await vi.advanceTimersByTimeAsync(1100);
  });
  afterEach(() => vi.unstubAllGlobals());

  test('stands at each link of the site', () => {
    expect(['a', 'again', 'ruled', 'b', 'foreign'].map(likelyOf)).toEqual([
      '35 %',
      '35 %',
      '5 %',
      '0 %',
      null,
    ]);
  });

  test('is said when the link is pointed at', () => {
    expect(said('a')).toContain('opened next from here with a likelihood of about 35 %');
    expect(said('b')).toContain('not learned as likely');
  });

  test('goes away with the overlay', () => {
    panel()?.querySelector('button')?.click();
    expect(likelyOf('a')).toBeNull();
  });
});

describe('closing', () => {
  beforeEach(() => panel()?.querySelector('button')?.click());

  test('removes the panel', () => {
    expect(panel()).toBeUndefined();
  });

  test('removes the colours', () => {
    expect(stateOf('a')).toBeNull();
  });

  test('stops the timer', () => {
    expect(vi.getTimerCount()).toBe(0);
  });
});
