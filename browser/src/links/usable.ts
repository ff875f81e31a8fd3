import { isShownIn } from './treeWalk.js';

/** The innermost element at a point of the window, in shadow roots too. */
export function elementAt(x: number, y: number, root: DocumentOrShadowRoot = document): Element | null {
  const found = root.elementFromPoint(x, y);
  const inner = found?.shadowRoot;
  return inner && inner !== root ? (elementAt(x, y, inner) ?? found) : found;
}

const within = (at: number, end: number): number => Math.min(Math.max(at, 0), end - 1);

/**
 * Whether a person could see a link and activate it now.
 *
 * Not when it is transparent, hidden, inert, without pointer events, or under something else: then a click at its
 * place reaches another element. What covers a part of it does not matter.
 *
 * @param box What is seen of the link: itself, a part of its content, or the image of an area.
 */
export function isUsable(link: Element, box: Element): boolean {
  if (box.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) === false) return false;
  const [place] = box.getClientRects();
  if (!place || link.localName === 'area' || !document.elementFromPoint) return true;
  const { left, top, width, height } = place;
  return [0.5, 0.2, 0.8].some((part) => {
    const x = within(left + width * part, innerWidth);
    const found = elementAt(x, within(top + height * part, innerHeight));
    return !found || isShownIn(found, link);
  });
}
