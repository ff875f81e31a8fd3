// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeIntersectionObserver } from '../testing/fakeObserver.js';
import { Visibility } from './visibility.js';

const DWELL = 100;

let seen: Element[];
let element: Element;
let visibility: Visibility;

beforeEach(() => {
  vi.useFakeTimers();
  FakeIntersectionObserver.install();
  seen = [];
  element = document.createElement('a');
  visibility = new Visibility(
    (one) => seen.push(one),
    () => DWELL,
  );
  visibility.observe(element);
});

afterEach(() => {
  vi.useRealTimers();
});

test('an element is seen when it has been visible for the dwell time', () => {
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL);
  expect(seen).toEqual([element]);
});

test('not earlier', () => {
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL - 1);
  expect(seen).toEqual([]);
});

test('leaving in between cancels', () => {
  FakeIntersectionObserver.show(element);
  FakeIntersectionObserver.see({ target: element, isIntersecting: false });
  vi.advanceTimersByTime(DWELL);
  expect(seen).toEqual([]);
});

test('the last entry of a batch counts', () => {
  FakeIntersectionObserver.see(
    { target: element, isIntersecting: false },
    { target: element, isIntersecting: true },
  );
  vi.advanceTimersByTime(DWELL);
  expect(seen).toEqual([element]);
});

test('fault 29: an element of no size is not seen', () => {
  FakeIntersectionObserver.see({ target: element, isIntersecting: true, width: 0 });
  vi.advanceTimersByTime(DWELL);
  expect(seen).toEqual([]);
});

test('but is looked at again, because it may grow', () => {
  const observe = vi.spyOn(FakeIntersectionObserver.prototype, 'observe');
  FakeIntersectionObserver.see({ target: element, isIntersecting: true, width: 0 });
  vi.advanceTimersByTime(1000);
  expect(observe).toHaveBeenCalledExactlyOnceWith(element);
});

test('but not for ever', () => {
  const observe = vi.spyOn(FakeIntersectionObserver.prototype, 'observe');
  for (let time = 0; time < 100; time++) {
    FakeIntersectionObserver.see({ target: element, isIntersecting: true, width: 0 });
    vi.advanceTimersByTime(10_000);
  }
  expect([observe.mock.calls.length, vi.getTimerCount()]).toEqual([4, 0]);
});

test('an element is seen once', () => {
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL);
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL);
  expect(seen.length).toBe(1);
});

test('observed again, it is seen again', () => {
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL);
  visibility.observe(element);
  FakeIntersectionObserver.show(element);
  vi.advanceTimersByTime(DWELL);
  expect(seen.length).toBe(2);
});

test('forgotten, it is not seen', () => {
  FakeIntersectionObserver.show(element);
  visibility.forget(element);
  vi.advanceTimersByTime(DWELL);
  expect(seen).toEqual([]);
});

test('one observer serves all elements', () => {
  visibility.observe(document.createElement('a'));
  expect(FakeIntersectionObserver.all.length).toBe(1);
});
