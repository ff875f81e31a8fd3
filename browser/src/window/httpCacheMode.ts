import { warn } from './log.js';
import { options } from './options.js';
import { parts } from './parts.js';
import type { KeepInCache } from './wanted.js';

let chosen: Promise<KeepInCache | undefined> | undefined;

/** What keeps prefetches without a service worker; undefined where the worker does it. */
export function httpCache(): Promise<KeepInCache | undefined> | undefined {
  const { worker = 'always' } = options;
  if (worker === 'always') return undefined;
  chosen ??= parts.httpCache().then(({ choose }) => choose(worker === 'never', warn));
  return chosen;
}
