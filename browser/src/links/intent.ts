import type { Trigger } from '../core/pageTypes.js';

const HOVER_MILLISECONDS = 65;

/** Calls back for the link that a user points at, touches or reaches with the keyboard. */
export function watchIntent(callback: (link: Element, trigger: Trigger) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const on = (event: string, trigger: Trigger, delay: number): void => {
    const react = ({ target }: Event): void => {
      const link = target instanceof Element && target.closest('a');
      clearTimeout(timer);
      if (link) timer = setTimeout(callback, delay, link, trigger);
    };
    document.addEventListener(event, react, { capture: true, passive: true });
  };

  on('mouseover', 'hover', HOVER_MILLISECONDS);
  on('touchstart', 'touch', 0);
  on('focusin', 'focus', 0);
  document.addEventListener('mouseout', () => clearTimeout(timer), { capture: true, passive: true });
}
