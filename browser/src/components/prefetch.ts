import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';
import { warn } from '../window/log.js';
import { prefetch as start } from '../window/prefetch.js';

/** Start a prefetch without waiting for it; errors are logged to the console. */
export function prefetch(url: string, as?: PrefetchAs, config?: PrefetchConfiguration): void {
  start(url, as, config).catch((error: unknown) => warn(`${url}: ${error}`));
}
