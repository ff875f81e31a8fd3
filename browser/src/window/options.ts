import { given } from '../core/given.js';
import { loggingOut } from '../core/names.js';
import type { InstallOptions, Options } from '../core/pageTypes.js';

/** The options in force on this page. */
export const options: Options = {
  forcePrefetchRatio: 0,
  serviceWorkerPath: '/service-worker.js',
  serviceWorkerScope: '/',
  prefetchPatterns: [],
  ignorePatterns: [new RegExp(loggingOut, 'i')],
  observe: {},
  triggers: ['visible', 'hover', 'press', 'touch', 'focus'],
  dwellMilliseconds: 100,
  maxPrefetches: 30,
  maxParallel: 2,
  missMemorySeconds: 300,
};

/** Changes options; the others stay as they are. */
export function change(changes: InstallOptions): void {
  Object.assign(options, given(changes));
  // Not everybody has types: a single expression is meant as a list of one.
  options.prefetchPatterns = [options.prefetchPatterns].flat();
  options.ignorePatterns = [options.ignorePatterns].flat();
}
