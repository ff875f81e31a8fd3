// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { watchElements } from './watchElements.js';

let seen: string[];

beforeEach(() => {
  vi.useFakeTimers();
  FakeIntersectionObserver.install();
  document.body.innerHTML = '<p class="t" id="first"></p>';
  seen = [];
});

afterEach(() => {
  vi.useRealTimers();
});

function watch(selector: string): void {
  const own = seen;
  watchElements({ selector, callback: (element) => own.push(element.id) });
}

/** Makes all elements visible, after the observers of changes had their turn. */
async function showAll(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  FakeIntersectionObserver.show(...document.querySelectorAll('body *'));
  await vi.advanceTimersByTimeAsync(0);
}

test('an element is seen once, without dwell time', async () => {
  watch('.t');
  await showAll();
  await showAll();
  expect(seen).toEqual(['first']);
});

test('one that is added later is seen', async () => {
  watch('.t');
  document.body.insertAdjacentHTML('beforeend', '<div class="t" id="second"></div>');
  await showAll();
  expect(seen).toEqual(['first', 'second']);
});

test('fault 14: one inside of another is seen too', async () => {
  watch('.u');
  document.body.insertAdjacentHTML(
    'beforeend',
    '<div class="u" id="outer"><div class="u" id="inner"></div></div>',
  );
  await showAll();
  expect(seen).toEqual(['outer', 'inner']);
});

test('an invalid selector throws', () => {
  expect(() => watch(':::')).toThrow();
});
