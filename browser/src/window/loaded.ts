import { after } from '../core/after.js';

/** What hangs in a page, such as an image, must not hold up the rest. */
const PATIENCE_MILLISECONDS = 5000;

/** Resolves when the document and what it needs are loaded, or some seconds later. */
export const loaded = (): Promise<unknown> =>
  document.readyState === 'complete'
    ? Promise.resolve()
    : Promise.race([
        new Promise((resolve) => addEventListener('load', resolve, { once: true })),
        after(PATIENCE_MILLISECONDS),
      ]);
