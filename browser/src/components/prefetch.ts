import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';
import { prefetch as start } from '../window/prefetch.js';

/** Start a prefetch that nobody waits for; a URL that cannot be prefetched is a line on the console. */
export async function prefetch(url: string, as?: PrefetchAs, config?: PrefetchConfiguration): Promise<void> {
  try {
    await start(url, as, config);
  } catch (error) {
    warn(url, error);
  }
}

export function warn(what: string, error: unknown): void {
  console.warn(`prefetchrouter: cannot prefetch ${what}: ${String(error)}`);
}
