import { options } from './options.js';

const STORAGE = 'prefetchrouter-misses';

/** When each refused URL may be asked for again, in milliseconds since 1970; kept for this tab's next pages. */
function read(): Record<string, number> {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

/** Whether the edge has refused this URL a short while ago. */
export const isMissed = (key: string): boolean => (read()[key] ?? 0) > Date.now();

/** Remembers that the edge has no copy of this URL. */
export function rememberMiss(key: string): void {
  const now = Date.now();
  const misses = Object.entries(read()).filter(([, until]) => until > now);
  misses.push([key, now + options.missMemorySeconds * 1000]);
  try {
    sessionStorage.setItem(STORAGE, JSON.stringify(Object.fromEntries(misses)));
  } catch {
    // Without storage a refused URL is asked for again on the next page.
  }
}
