import type { Options } from '../core/pageTypes.js';
import type { Target } from '../core/target.js';

/** URLs that conditions see as they are written; of others, parts are decoded first. */
const PLAIN = /^https?:\/\/[^/]+((?:\/[\w.~@:+,=&!$'()*-]+)*\/?)(?:\?([\w.~@/:+,=&!$'()*?-]*))?$/;

/** Whether an expression matches; unlike `test`, without memory of a global expression's last match. */
export const matches = (text: string, expressions: RegExp[]): boolean =>
  expressions.some((expression) => text.search(expression) >= 0);

/** The URL of a link, as the browser has made it; in SVG, where it has not, from what is written. */
function urlOf(link: Element): string {
  const { href } = link as HTMLAnchorElement | SVGAElement;
  if (typeof href === 'string') return href;
  try {
    return new URL(href?.baseVal ?? link.getAttribute('href'), link.baseURI).href;
  } catch {
    return '';
  }
}

/** Reads a URL as conditions see it; undefined for one that every edge answers with 400. */
export type Reader = (url: string) => Target | undefined;

/**
 * The URL of a link if it may be prefetched, of another page of this origin or of an origin that is allowed; empty if not.
 *
 * Not for downloads, for what matches `ignorePatterns` (logging out) or `ignore`, and for links that opt out with
 * `data-prefetch="false"`, themselves or by an element around them.
 */
export function linkTarget(link: Element, { ignorePatterns, ignore, origins }: Options): string {
  const url = urlOf(link).replace(/#.*/s, '');
  const [, origin, host = '', rest = ''] = /^(https?:\/\/([^/]+))(\/.*)/s.exec(url) ?? [];
  if (origin !== location.origin && !origins?.some((allowed) => allowed === host || allowed === origin))
    return '';
  if (link.matches('[download],[data-prefetch="false"] *,[data-prefetch="false"]')) return '';
  if (url === location.href.replace(/#.*/s, '')) return '';
  return matches(rest, ignorePatterns) || ignore?.(url, link) ? '' : url;
}

/** Reads a URL that is written plainly, as most are. */
export const plainTarget: Reader = (url) => {
  const [href, path, query = ''] = PLAIN.exec(url) ?? [];
  return href && path ? { href, path, query } : undefined;
};
