import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { IntoHttpCache } from './wanted.js';

let chosen: Promise<IntoHttpCache | undefined> | undefined;

/** What prefetches without a service worker; undefined where the worker does it. */
export function httpCache(): Promise<IntoHttpCache | undefined> | undefined {
  const { worker = 'always' } = options;
  if (worker === 'always') return undefined;
  chosen ??= parts.httpCache().then(({ choose }) => choose(worker === 'never', warn));
  return chosen;
}
