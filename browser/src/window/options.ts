import type { InstallOptions } from './types.js';

type Defaulted =
  | 'forcePrefetchRatio'
  | 'serviceWorkerPath'
  | 'serviceWorkerScope'
  | 'prefetchPatterns'
  | 'ignorePatterns'
  | 'observe'
  | 'triggers'
  | 'dwellMilliseconds'
  | 'maxPrefetches'
  | 'maxParallel'
  | 'missMemorySeconds';

export type Options = InstallOptions & { [Name in Defaulted]-?: NonNullable<InstallOptions[Name]> };

/** The options in force on this page. */
export const options: Options = {
  forcePrefetchRatio: 0,
  serviceWorkerPath: '/service-worker.js',
  serviceWorkerScope: '/',
  prefetchPatterns: [],
  ignorePatterns: [/\b(log|sign)[-_]?(out|off)\b/i],
  observe: {},
  triggers: ['visible', 'hover', 'touch', 'focus'],
  dwellMilliseconds: 100,
  maxPrefetches: 30,
  maxParallel: 2,
  missMemorySeconds: 300,
};

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The members that are given; one that is undefined is as good as absent. */
export function given<T extends object>(members: T | null | undefined): Given<T> {
  return Object.fromEntries(
    Object.entries(members ?? {}).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}

/** Changes options of this page, before or after `install()`; the others stay as they are. */
export function configure(changes: InstallOptions): void {
  Object.assign(options, given(changes));
}
