/** The shape of `src/prefetchrouter/static/look.json`, the table that Python reads too. */
declare module '*/look.json' {
  export const marks: Record<'prefetch' | 'hit' | 'refused' | 'failed' | 'wasted', string>;
  export const dark: Record<string, string>;
}
