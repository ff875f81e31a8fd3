import type { Trigger } from '../core/pageTypes.js';
import { linkOf } from './treeWalk.js';

const HOVER_MILLISECONDS = 65;

/** Calls back for the link that a user points at, presses, touches or reaches with the keyboard. */
export function watchIntent(callback: (link: Element, trigger: Trigger) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const on = (event: string, trigger: Trigger | undefined, delay: number): void => {
    const react = (occurred: Event): void => {
      const link = trigger && linkOf(occurred);
      clearTimeout(timer);
      if (!link) return;
      if (delay) timer = setTimeout(callback, delay, link, trigger);
      else callback(link, trigger);
    };
    document.addEventListener(event, react, { capture: true, passive: true });
  };

  on('mouseover', 'hover', HOVER_MILLISECONDS);
  on('mouseout', undefined, 0);
  on('mousedown', 'press', 0);
  on('touchstart', 'touch', 0);
  on('focusin', 'focus', 0);
}
