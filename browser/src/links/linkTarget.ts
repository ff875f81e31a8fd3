import { type Target, targetOf } from '../core/target.js';

const XLINK = 'http://www.w3.org/1999/xlink';

/** Whether an expression matches; unlike `test`, without memory of a global expression's last match. */
export const matches = (text: string, expressions: RegExp[]): boolean =>
  expressions.some((expression) => text.search(expression) >= 0);

let page = { address: '', origin: '', href: '' };

/** Origin and address of this page, read anew when it has changed: links are many. */
function thisPage(): typeof page {
  const { href: address } = location;
  if (address !== page.address)
    page = { address, origin: location.origin, href: address.replace(/#.*/s, '') };
  return page;
}

/** The absolute address of a link; of an HTML link the one that the browser has made already. */
function addressOf(link: Element): string | undefined {
  if (link instanceof HTMLAnchorElement) return link.href;
  const href = link.getAttribute('href') ?? link.getAttributeNS(XLINK, 'href');
  try {
    return href ? new URL(href, link.baseURI).href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The URL of a link if it may be prefetched: of another page of this origin.
 *
 * Not for downloads, for what matches `ignored` (logging out), and for links that opt out with
 * `data-prefetch="false"`, themselves or by an element around them.
 */
export function linkTarget(link: Element, ignored: RegExp[]): Target | undefined {
  const address = addressOf(link);
  const { origin, href } = thisPage();
  if (!address?.startsWith(`${origin}/`)) return undefined;
  const target = targetOf(address);
  if (!target || target.href === href || matches(target.href.slice(origin.length), ignored)) return undefined;
  return link.hasAttribute('download') || link.closest('[data-prefetch="false"]') ? undefined : target;
}
