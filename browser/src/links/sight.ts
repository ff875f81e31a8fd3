/** Which links are in view, by the boxes that show them. */
import { LINKS } from './treeWalk.js';

/** After this time what is hidden is looked at again, each time later, and so often. */
const LOOK_AGAIN_MILLISECONDS = 1000;
const LAST_LOOK_MILLISECONDS = 8000;
const REVEALED_MILLISECONDS = 200;

/** What may show or enlarge what was hidden. A menu that opens without any of these is found by the pointer. */
const REVEALING = 'click focusin keyup load scrollend toggle transitionend animationend';

/** Links, and images whose areas are links. */
export const BOXES = `${LINKS},img[usemap]`;

export interface Sighting {
  link: Element;
  /** What is seen of it: itself, a part of its content, or the image of an area. */
  box: Element;
}

/** The boxes in view, and when each has been there long enough, in milliseconds of this page. */
const inView = new Map<Element, number>();
/** In view, but nothing to see or to activate. */
const hidden = new Set<Element>();
/** Links of boxes that were taken. */
const waiting: Sighting[] = [];
/** The link that a part of its content shows. */
const owners = new WeakMap<Element, Element>();
let taken = new WeakSet<Element>();
let observer: IntersectionObserver;
let nextLook: ReturnType<typeof setTimeout> | undefined;
let wait = LOOK_AGAIN_MILLISECONDS;
let hasScrolled = false;

/** Starts to look at a box, unless its link was taken. */
export const look = (box: Element): void => {
  if (!taken.has(box)) observer.observe(box);
};

/** Looks at a link as if for the first time. */
export function lookAnew(link: Element): void {
  taken.delete(link);
  observer.unobserve(link);
  look(link);
}

/** Lets all links be looked at as if for the first time. */
export function forgetTaken(): void {
  taken = new WeakSet();
  waiting.length = 0;
}

/** Looks at once at what was hidden: an observer reports anew what it starts to observe. */
export function lookAgain(): void {
  nextLook = undefined;
  for (const box of hidden) {
    hidden.delete(box);
    observer.unobserve(box);
    observer.observe(box);
  }
}

function lookSoon(milliseconds: number): void {
  if (hidden.size) nextLook ??= setTimeout(lookAgain, milliseconds);
}

/** Looks at a box again when something may have shown it. */
function hide(box: Element): void {
  hidden.add(box);
  if (nextLook || wait > LAST_LOOK_MILLISECONDS) return;
  lookSoon(wait);
  wait *= 2;
}

/** Puts back a link that was taken. */
export function putBack({ link, box }: Sighting): void {
  taken.delete(link);
  hide(box);
}

/** A link without size is seen by its content: what floats, is positioned, or has the only box. */
function lookInside(box: Element): void {
  if (getComputedStyle(box).display !== 'contents' && !box.checkVisibility?.()) return;
  for (const part of box.children) {
    owners.set(part, owners.get(box) ?? box);
    look(part);
  }
}

function shownBy(box: Element): Element[] {
  if (!box.matches('[usemap]')) return [owners.get(box) ?? box];
  const [map] = document.getElementsByName((box as HTMLImageElement).useMap.slice(1));
  return [...(map?.querySelectorAll('area[href]') ?? [])];
}

/** The next link that is in view; each link once. */
export function take(): Sighting | undefined {
  const next = waiting.pop();
  if (next) return next;
  for (const [box, time] of inView) {
    if (time > performance.now()) break;
    inView.delete(box);
    observer.unobserve(box);
    for (const link of shownBy(box)) {
      if (!taken.has(link)) waiting.push({ link, box });
      taken.add(link);
    }
    if (waiting.length) return waiting.pop();
  }
  return undefined;
}

/**
 * Starts to watch what is in view.
 *
 * @param dwell Returns the milliseconds that a link has to stay in view.
 * @param onSeen Called when there may be something to {@link take}.
 */
export function watchSight(dwell: () => number, onSeen: () => void, threshold = 0.01): void {
  observer = new IntersectionObserver(
    (entries) => {
      // What is in view before anything moves is not a fast scroll.
      const delay = hasScrolled ? dwell() : 0;
      for (const { target, isIntersecting, boundingClientRect: box } of entries) {
        inView.delete(target);
        if (box.width > 1 && box.height > 1) {
          if (isIntersecting) inView.set(target, performance.now() + delay);
        } else {
          if (isIntersecting) hide(target);
          lookInside(target);
        }
      }
      if (delay) setTimeout(onSeen, delay + 1);
      else onSeen();
    },
    { threshold },
  );
  const options = { capture: true, passive: true };
  for (const type of REVEALING.split(' '))
    addEventListener(type, () => lookSoon(REVEALED_MILLISECONDS), options);
  addEventListener(
    'scroll',
    () => {
      hasScrolled = true;
    },
    options,
  );
}
