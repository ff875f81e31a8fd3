import { options } from './options.js';

const STORAGE = 'prefetchrouter-misses';

/** When each refused URL may be prefetched again, in milliseconds since 1970; stored for later pages of this tab. */
function read(): Record<string, number> {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

/** Whether the edge has refused this URL a short while ago. */
export const isMissed = (key: string): boolean => (read()[key] ?? 0) > Date.now();

function write(misses: [string, number][]): void {
  try {
    sessionStorage.setItem(STORAGE, JSON.stringify(Object.fromEntries(misses)));
  } catch {
    // Without storage a refused URL is prefetched again on the next page.
  }
}

/** Remembers that the edge has no copy of this URL. */
export function rememberMiss(key: string): void {
  const now = Date.now();
  const misses = Object.entries(read()).filter(([, until]) => until > now);
  write([...misses, [key, now + options.missMemorySeconds * 1000]]);
}

/** Forgets a URL that the visitor opens: the edge will have fetched it. */
export function forgetMiss(href: string): void {
  const key = href.replace(/#.*/s, '');
  if (isMissed(key)) write(Object.entries(read()).filter(([missed]) => missed !== key));
}
