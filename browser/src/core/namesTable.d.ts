/** The shape of `src/prefetchrouter/static/names.json`, the table that Python reads too. */
declare module '*/names.json' {
  export const globalName: string;
  export const manifestGlobal: '__EDGIO_CACHE_MANIFEST__';
  export const rulesGlobal: '__EDGIO_PREFETCHABLE__';
  export const manifestPath: string;
  export const installPath: string;
  export const pinnedInstallPath: string;
  export const routesGlobal: string;
  export const workerPath: string;
  export const ownPathPrefix: string;
  export const navigationGlobal: '__EDGIO_NAVIGATION__';
  export const prefetchParameter: string;
  export const cachedOnlyParameter: string;
  export const browserCacheParameter: string;
  export const maxAgeParameter: string;
  export const bodyParameter: string;
  export const methodParameter: string;
  export const workerCacheHeader: string;
  export const loggingOut: string;
}
