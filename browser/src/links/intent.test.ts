// @vitest-environment happy-dom
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { watchIntent } from './intent.js';

let heard: string[];

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  document.body.innerHTML = '<a id="link" href="/a"><b>text</b></a><p>none</p>';
});

beforeAll(() => {
  watchIntent((link, trigger) => heard.push(`${link.id} ${trigger}`));
});

afterEach(() => {
  vi.useRealTimers();
});

function fire(type: string, selector: string): void {
  document.querySelector(selector)?.dispatchEvent(new Event(type, { bubbles: true }));
}

test('hovering a link for a moment', () => {
  fire('mouseover', '#link');
  vi.advanceTimersByTime(65);
  expect(heard).toEqual(['link hover']);
});

test('hovering something inside of a link', () => {
  fire('mouseover', 'b');
  vi.advanceTimersByTime(65);
  expect(heard).toEqual(['link hover']);
});

test('not when the pointer only passes', () => {
  fire('mouseover', '#link');
  fire('mouseout', '#link');
  vi.advanceTimersByTime(65);
  expect(heard).toEqual([]);
});

test('touching a link', () => {
  fire('touchstart', '#link');
  vi.advanceTimersByTime(0);
  expect(heard).toEqual(['link touch']);
});

test('reaching a link with the keyboard', () => {
  fire('focusin', '#link');
  vi.advanceTimersByTime(0);
  expect(heard).toEqual(['link focus']);
});

test('pressing a link', () => {
  fire('mousedown', 'b');
  expect(heard).toEqual(['link press']);
});

test('nothing else', () => {
  fire('mouseover', 'p');
  vi.advanceTimersByTime(65);
  expect(heard).toEqual([]);
});
