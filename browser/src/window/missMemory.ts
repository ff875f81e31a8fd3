import { after } from '../core/after.js';
import { options } from './options.js';

const STORAGE = 'prefetchrouter-misses';

/** A page with many links learns of hundreds of misses in a second, and each write has all of them. */
const SAVE_MILLISECONDS = 200;

let misses: Map<string, number> | undefined;
let isDue = false;

const isFresh = ([, until]: [key: string, until: number]): boolean => until > Date.now();

/** When each refused URL may be prefetched again, in milliseconds since 1970; stored for later pages of this tab. */
function known(): Map<string, number> {
  try {
    misses ??= new Map(JSON.parse(sessionStorage.getItem(STORAGE) ?? '[]'));
  } catch {
    misses = new Map();
  }
  return misses;
}

/** Writes what has changed for the next page. */
export function saveMisses(): void {
  if (!isDue) return;
  isDue = false;
  try {
    sessionStorage.setItem(STORAGE, JSON.stringify([...known()].filter(isFresh)));
  } catch {
    // Without storage a refused URL is prefetched again on the next page.
  }
}

function saveSoon(): void {
  if (!isDue) void after(SAVE_MILLISECONDS).then(saveMisses);
  isDue = true;
}

/** Whether the edge has refused this URL a short while ago. */
export const isMissed = (key: string): boolean => isFresh([key, known().get(key) ?? 0]);

/** Remembers that the edge has no stored response for this URL. */
export function rememberMiss(key: string): void {
  known().set(key, Date.now() + options.missMemorySeconds * 1000);
  saveSoon();
}

/** Forgets a URL that the visitor opens: the edge will have fetched it. */
export function forgetMiss(href: string): void {
  if (known().delete(href.replace(/#.*/s, ''))) saveSoon();
}

/** Reads the storage again, which other pages have changed while the browser kept this one. */
export function rereadMisses(): void {
  misses = undefined;
}
