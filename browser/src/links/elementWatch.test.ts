// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { options } from '../window/options.js';
import { ElementWatch } from './elementWatch.js';
import type { Page } from './page.js';

let page: Page;
let watch: ElementWatch;
let seen: string[];

beforeEach(() => {
  vi.useFakeTimers();
  FakeIntersectionObserver.install();
  document.body.innerHTML = '<a id="first" href="/1"></a>';
  seen = [];
  page = { options: { ...options, observe: {} }, prefetch: vi.fn(), warn: vi.fn() };
  watch = new ElementWatch(page);
});

afterEach(() => {
  vi.useRealTimers();
});

const remember = (element: Element): void => void seen.push(element.id);

/** Makes all elements visible for long enough, after the observers of changes had their turn. */
async function showAll(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  FakeIntersectionObserver.show(...document.querySelectorAll('body *'));
  await vi.advanceTimersByTimeAsync(100);
}

const add = (markup: string): void => document.body.insertAdjacentHTML('beforeend', markup);

describe('links', () => {
  beforeEach(() => watch.links(remember));

  test('that are there are seen', async () => {
    await showAll();
    expect(seen).toEqual(['first']);
  });

  test('that are added later are seen', async () => {
    add('<div><a id="second" href="/2"></a></div>');
    await showAll();
    expect(seen).toEqual(['first', 'second']);
  });

  test('that are added later are not when observe.disabled', async () => {
    page.options.observe = { disabled: true };
    add('<a id="second" href="/2"></a>');
    await showAll();
    expect(seen).toEqual(['first']);
  });

  test('fault 12: whose href changes are seen again', async () => {
    await showAll();
    document.querySelector('#first')?.setAttribute('href', '/changed');
    await showAll();
    expect(seen).toEqual(['first', 'first']);
  });

  test('whose href changes are not when observe.attributes is false', async () => {
    page.options.observe = { attributes: false };
    await showAll();
    document.querySelector('#first')?.setAttribute('href', '/changed');
    await showAll();
    expect(seen).toEqual(['first']);
  });

  test('stay visible for dwellMilliseconds', async () => {
    page.options.dwellMilliseconds = 101;
    await showAll();
    expect(seen).toEqual([]);
  });

  test('renewed are seen again', async () => {
    await showAll();
    watch.renewLinks();
    await showAll();
    expect(seen).toEqual(['first', 'first']);
  });
});

describe('watched elements', () => {
  const callback = remember;

  test('are seen once', async () => {
    watch.elements({ selector: '#first', callback });
    await showAll();
    await showAll();
    expect(seen).toEqual(['first']);
  });

  test('need no dwell time', async () => {
    watch.elements({ selector: '#first', callback });
    FakeIntersectionObserver.show(...document.querySelectorAll('#first'));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen).toEqual(['first']);
  });

  test('that are added later are seen, also when observe.disabled', async () => {
    page.options.observe = { disabled: true };
    watch.elements({ selector: '.t', callback });
    add('<div class="t" id="second"></div>');
    await showAll();
    expect(seen).toEqual(['second']);
  });

  test('fault 14: nested in another are seen too', async () => {
    watch.elements({ selector: '.t', callback });
    add('<div class="t" id="outer"><div class="t" id="inner"></div></div>');
    await showAll();
    expect(seen).toEqual(['outer', 'inner']);
  });

  test('of a bad selector are one warning', () => {
    watch.elements({ selector: ':::', callback });
    expect(page.warn).toHaveBeenCalledOnce();
  });

  test('of a bad selector hurt no others', async () => {
    watch.elements({ selector: ':::', callback });
    watch.elements({ selector: '.t', callback });
    add('<div class="t" id="second"></div>');
    await showAll();
    expect(seen).toEqual(['second']);
  });
});
