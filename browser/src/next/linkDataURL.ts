import { createNextDataURL, defaultLocale, localeOf, type RouteParam, splitLocal } from './index.js';

type RouteParams = Record<string, RouteParam>;

/**
 * The URL from which Next loads the data of what a link in the page leads to.
 *
 * A path without a locale is of the site's default locale: in pages of others, Next writes it in front. The route
 * parameters are read from the path by the names of the site's pages. `undefined` if Next loads no data, as for
 * paths that are not pages of its pages router.
 */
export function linkDataURL(href: string): string | undefined {
  if (!createNextDataURL({ href })) return undefined;
  const { path = '/' } = splitLocal(href) ?? {};
  const locale = localeOf(path);
  const routeParams = paramsOf(locale ? path.slice(locale.length + 1) : path);
  return (
    routeParams && createNextDataURL({ href, routeParams, locale: defaultLocale(path, 'defaultLocale') })
  );
}

/** The parameters in a path, or `undefined` if it is not a page. Without Next's list of pages there are none. */
function paramsOf(path: string): RouteParams | undefined {
  const { __BUILD_MANIFEST: manifest } = globalThis as {
    __BUILD_MANIFEST?: { sortedPages?: readonly string[] };
  };
  if (!manifest?.sortedPages) return {};
  const parts = path.split('/').filter(Boolean);
  // Next sorts them so that the first that matches is the page.
  for (const page of manifest.sortedPages) {
    const found = matched(page.split('/').filter(Boolean), parts);
    if (found) return found;
  }
  return undefined;
}

function matched(page: readonly string[], parts: readonly string[]): RouteParams | undefined {
  const params: RouteParams = {};
  for (const [i, segment] of page.entries()) {
    const [, optional, rest, name] = /^\[(\[)?(\.\.\.)?(.+?)\]+$/.exec(segment) ?? [];
    if (rest && name) {
      const values = parts.slice(i).map(decoded);
      if (values.length) params[name] = values;
      return values.length || optional ? params : undefined;
    }
    const part = parts[i];
    if (part === undefined || (!name && part !== segment)) return undefined;
    if (name) params[name] = decoded(part);
  }
  return page.length === parts.length ? params : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
