/** Files that are loaded when they are needed; the build of the served files replaces this module. */
export const parts = {
  extras: () => import('./extras.js'),
  foreign: () => import('./foreign.js'),
  httpCache: () => import('./httpCache.js'),
  likely: () => import('./likely.js'),
  manifest: () => import('./manifest.js'),
  prepare: () => import('./prepare.js'),
  target: () => import('./target.js'),
  workerClient: () => import('./workerClient.js'),
};
