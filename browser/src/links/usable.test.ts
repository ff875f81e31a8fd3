// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { isUsable } from './usable.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A link in view with something at its place. */
function linkUnder(markup: string): boolean {
  document.body.innerHTML = `<a href="/pages/1">1</a>${markup}`;
  const [link] = document.links;
  if (!link) throw new Error('no link');
  const rect = { left: 10, top: 10, width: 100, height: 20 } as DOMRect;
  vi.spyOn(link, 'getClientRects').mockReturnValue([rect] as unknown as DOMRectList);
  document.elementFromPoint = () => link.nextElementSibling ?? link;
  return isUsable(link, link);
}

test('a link at its own place can be used', () => {
  expect(linkUnder('')).toBe(true);
});

test('a link under something else cannot', () => {
  expect(linkUnder('<div></div>')).toBe(false);
});

test('a link that is covered in part can', () => {
  linkUnder('<div></div>');
  const [link] = document.links;
  document.elementFromPoint = (x) => (x < 40 ? (link as Element) : document.querySelector('div'));
  expect(isUsable(link as Element, link as Element)).toBe(true);
});
