import { options } from './options.js';

const STORAGE = 'prefetchrouter-misses';

/** When each refused URL may be prefetched again, in milliseconds since 1970; stored for later pages of this tab. */
function read(): Map<string, number> {
  try {
    const known: [string, number][] = JSON.parse(sessionStorage.getItem(STORAGE) ?? '[]');
    return new Map(known.filter(([, until]) => until > Date.now()));
  } catch {
    return new Map();
  }
}

/** Whether the edge has refused this URL a short while ago. */
export const isMissed = (key: string): boolean => read().has(key);

function change(by: (misses: Map<string, number>) => void): void {
  const misses = read();
  by(misses);
  try {
    sessionStorage.setItem(STORAGE, JSON.stringify([...misses]));
  } catch {
    // Without storage a refused URL is prefetched again on the next page.
  }
}

/** Remembers that the edge has no stored response for this URL. */
export const rememberMiss = (key: string): void =>
  change((misses) => misses.set(key, Date.now() + options.missMemorySeconds * 1000));

/** Forgets a URL that the visitor opens: the edge will have fetched it. */
export const forgetMiss = (href: string): void => change((misses) => misses.delete(href.replace(/#.*/s, '')));
