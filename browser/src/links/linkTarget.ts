const XLINK = 'http://www.w3.org/1999/xlink';

/** Whether an expression matches; unlike `test`, without memory of a global expression's last match. */
export const matches = (text: string, expressions: RegExp[]): boolean =>
  expressions.some((expression) => text.search(expression) >= 0);

/**
 * Where a link leads, when it may be prefetched at all: to another page of this origin.
 *
 * Not for downloads, for what matches `ignored` (logging out), and for links that opt out with
 * `data-prefetch="false"`, themselves or by an element around them.
 */
export function linkTarget(link: Element, ignored: RegExp[]): URL | undefined {
  const href = link.getAttribute('href') ?? link.getAttributeNS(XLINK, 'href');
  if (!href || link.hasAttribute('download') || link.closest('[data-prefetch="false"]')) return undefined;
  let url: URL;
  try {
    url = new URL(href, link.baseURI);
  } catch {
    return undefined;
  }
  url.hash = '';
  const isElsewhere = url.origin !== location.origin;
  const isThisPage = url.href === location.href.replace(/#.*/s, '');
  return isElsewhere || isThisPage || matches(url.pathname + url.search, ignored) ? undefined : url;
}
