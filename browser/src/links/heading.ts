import type { Trigger } from '../core/pageTypes.js';
import { LINKS } from './treeWalk.js';
import { elementAt } from './usable.js';

/** How far ahead the pointer's way is predicted. */
const AHEAD_MILLISECONDS = 120;

/** A pointer that is slower, in pixels per millisecond, is heading nowhere. */
const SLOWEST = 0.1;

/** A predicted place is looked up at most so often. */
const EVERY_MILLISECONDS = 30;

/** Calls back for the link where the pointer will be in a moment if it moves on as it does. */
export function watchHeading(callback: (link: Element, trigger: Trigger) => void): void {
  let last = { x: 0, y: 0, time: 0 };
  const react = ({ clientX: x, clientY: y, timeStamp: time, pointerType }: PointerEvent): void => {
    const passed = time - last.time;
    if (passed < EVERY_MILLISECONDS) return;
    const [dx, dy] = [(x - last.x) / passed, (y - last.y) / passed];
    const isContinued = passed < AHEAD_MILLISECONDS;
    last = { x, y, time };
    if (pointerType === 'touch' || !isContinued || Math.hypot(dx, dy) < SLOWEST) return;
    // Half of the way too, because links are small.
    for (const ahead of [AHEAD_MILLISECONDS / 2, AHEAD_MILLISECONDS]) {
      const link = elementAt(x + dx * ahead, y + dy * ahead)?.closest(LINKS);
      if (link) {
        callback(link, 'heading');
        return;
      }
    }
  };
  document.addEventListener('pointermove', react, { capture: true, passive: true });
}
