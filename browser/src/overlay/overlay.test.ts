// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PrefetchEventName } from '../core/pageTypes.js';
import { showOverlay } from './index.js';

const STATS = { prefetched: 5, hits: 3, refused: 2, wasted: 1, entries: 4, bytes: 1500 };

let states: Map<string, PrefetchEventName>;
let events: EventTarget;

beforeEach(async () => {
  vi.useFakeTimers();
  document.body.innerHTML =
    '<a id="a" href="https://shop.example/a#top"></a><a id="b" href="https://shop.example/b"></a>';
  states = new Map([['https://shop.example/a', 'prefetch']]);
  events = new EventTarget();
  const counters = { prefetch: 1, hit: 0, refused: 0, wasted: 0 };
  showOverlay({ counters, events, states, stats: async () => STATS });
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  panel()?.querySelector('button')?.click();
  vi.useRealTimers();
});

const panel = (): ShadowRoot | null | undefined => document.querySelector('prefetch-overlay')?.shadowRoot;
const stateOf = (id: string): string | null | undefined =>
  document.getElementById(id)?.getAttribute('data-prefetch-state');

describe('the panel', () => {
  test('says where the page came from', () => {
    expect(panel()?.querySelector('p')?.textContent).toBe('Page from the network');
  });

  test('shows the events of this page beside those of the worker', () => {
    expect([...(panel()?.querySelectorAll('td') ?? [])].map(({ textContent }) => textContent)).toEqual([
      '1',
      '5',
      '0',
      '3',
      '0',
      '2',
      '0',
      '1',
    ]);
  });

  test('shows how full the store is', () => {
    expect(panel()?.textContent).toContain('4 stored, 2 kB');
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
    states.set('https://shop.example/b', 'refused');
    events.dispatchEvent(new Event('refused'));
    expect(stateOf('b')).toBe('refused');
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
