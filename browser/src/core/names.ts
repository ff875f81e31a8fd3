/// <reference path="./namesTable.d.ts" />
/** Names, paths and parameters that the edge, the page and the worker must agree on. */
export {
  bodyParameter,
  browserCacheParameter,
  cachedOnlyParameter,
  globalName,
  installPath,
  loggingOut,
  manifestGlobal,
  manifestPath,
  maxAgeParameter,
  methodParameter,
  navigationGlobal,
  ownPathPrefix,
  pinnedInstallPath,
  prefetchParameter,
  routesGlobal,
  rulesGlobal,
  workerCacheHeader,
  workerPath,
} from '../../../src/prefetchrouter/static/names.json';
