/** Files that are loaded when they are needed; the build of the served files replaces this module. */
export const parts = {
  foreign: () => import('./foreign.js'),
  heading: () => import('./heading.js'),
  httpCache: () => import('./httpCache.js'),
  likely: () => import('./likely.js'),
  manifest: () => import('./manifest.js'),
  measure: () => import('./measure.js'),
  overlay: () => import('./overlay.js'),
  prepare: () => import('./prepare.js'),
  target: () => import('./target.js'),
  watch: () => import('./watch.js'),
  workerClient: () => import('./workerClient.js'),
};
