import type { PrefetchEventName } from '../core/pageTypes.js';

const ATTRIBUTE = 'data-prefetch-state';

/** Colour of each state; the legend shows the same ones. */
export const COLOURS: Record<PrefetchEventName, string> = {
  prefetch: '#1a8f4c',
  hit: '#1f6feb',
  refused: '#c93c37',
  wasted: '#8b8f98',
};

const RULES = Object.entries(COLOURS)
  .map(
    ([state, colour]) =>
      `a[${ATTRIBUTE}="${state}"]{outline:2px solid ${colour}!important;outline-offset:2px}`,
  )
  .join('');

const targetOf = (link: HTMLAnchorElement): string => String(link.href).replace(/#.*/s, '');

/** Outlines each link in the colour of its URL's last event. */
export class LinkColours {
  readonly #style = document.createElement('style');

  constructor() {
    this.#style.textContent = RULES;
    document.head.append(this.#style);
  }

  update(states: ReadonlyMap<string, PrefetchEventName>): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]')) {
      const state = states.get(targetOf(link));
      if (state && link.getAttribute(ATTRIBUTE) !== state) link.setAttribute(ATTRIBUTE, state);
    }
  }

  remove(): void {
    this.#style.remove();
    for (const link of document.querySelectorAll(`a[${ATTRIBUTE}]`)) link.removeAttribute(ATTRIBUTE);
  }
}
