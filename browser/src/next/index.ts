/** What a route parameter of Next may hold; a catch-all route has a list. */
export type RouteParam =
  | string
  | number
  | boolean
  | undefined
  | null
  | readonly (string | number | boolean)[];

export interface NextDataURLParams {
  /** The link's `href`: a path, or a URL of this site. */
  href: string;
  /** Values of the page's route parameters; keys as in the page's file name. */
  routeParams?: Readonly<Record<string, RouteParam>>;
  /** The locale of the linked page, on sites that use Next's localised routing. Default: that of `href`, else of this page. */
  locale?: string | undefined;
}

/**
 * The URL from which Next loads the data of a page with `getServerSideProps` or `getStaticProps`.
 *
 * `undefined` if there is nothing to prefetch: on the server, on pages without `__NEXT_DATA__`
 * (the app router), and for a URL of another site. A query in `href` comes before the route
 * parameters, a fragment is dropped, a list repeats its name as Next does, and a parameter without a
 * value is left out.
 *
 *     createNextDataURL({ href: '/products/1', routeParams: { id: '1' } })
 *     // '/_next/data/BUILD/products/1.json?id=1'
 */
export function createNextDataURL({ href, routeParams = {}, locale }: NextDataURLParams): string | undefined {
  const buildId = nextBuildId();
  const target = buildId && splitLocal(href);
  if (!target) return undefined;
  const path = localize(target.path, locale ?? defaultLocale(target.path, 'locale'));
  const page = path.endsWith('/') ? `${path}index` : path;
  const query = [...target.query, ...encodeParams(routeParams)].join('&');
  return `/_next/data/${buildId}${page}.json${query && `?${query}`}`;
}

/** The id of the build that made this page, or `undefined` if Next's pages router did not. */
export function nextBuildId(): string | undefined {
  return nextData().buildId;
}

interface NextData {
  buildId?: string;
  locale?: string;
  locales?: readonly string[];
  defaultLocale?: string;
}

function nextData(): NextData {
  return (globalThis as { __NEXT_DATA__?: NextData }).__NEXT_DATA__ ?? {};
}

/** The locale with which a path begins on sites with localised routing. */
export function localeOf(path: string): string | undefined {
  const first = path.split('/', 2)[1]?.toLowerCase();
  return nextData().locales?.find((locale) => locale.toLowerCase() === first);
}

/** The locale of this page or of the site, for a path without one. */
export function defaultLocale(path: string, of: 'locale' | 'defaultLocale'): string | undefined {
  return localeOf(path) ? undefined : nextData()[of];
}

/** Scheme and host, path, query. */
const HREF = /^([a-z][a-z\d+.-]*:(?:\/\/[^/?#]*)?|\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i;

/** Path and query of a URL of this site, written as in `href`; `undefined` for other sites and schemes. */
export function splitLocal(href: string): { path: string; query: string[] } | undefined {
  const [, origin, path = '', query = ''] = HREF.exec(href) ?? [];
  if (!origin && !path.startsWith('/')) return splitLocal(new URL(href, location.href).href);
  if (origin && !isOwn(origin)) return undefined;
  return { path: path || '/', query: query.split('&').filter(Boolean) };
}

function isOwn(origin: string): boolean {
  try {
    return new URL(origin, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

function localize(path: string, locale: string | undefined): string {
  if (!locale || path === `/${locale}` || path.startsWith(`/${locale}/`)) return path;
  return path === '/' ? `/${locale}` : `/${locale}${path}`;
}

function encodeParams(params: Readonly<Record<string, RouteParam>>): string[] {
  return Object.entries(params).flatMap(([name, param]) =>
    [param ?? []].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
}
