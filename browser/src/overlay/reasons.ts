/** Why a link was not prefetched, in a sentence; in the order in which the page decides. */
import type { Options } from '../core/pageTypes.js';
import { type Target, targetOf } from '../core/target.js';
import { linkTarget, matches } from '../links/linkTarget.js';
import { isUsable } from '../links/usable.js';
import { urlOf } from './linkMarks.js';
import { type Known, markOf, meaning } from './marks.js';

/** What decides about links. */
export interface Deciding extends Known {
  options: Options;
  /** Undefined as long as the rules are not known. */
  rules: () => ((target: Target) => boolean) | undefined;
}

/** Why a link leads to no page that may be prefetched. */
function whyNoTarget(link: Element, url: string, { ignore, origins = [] }: Options): string {
  const { protocol, origin, host, pathname, search } = new URL(url, location.href);
  if (!/^https?:/.test(protocol)) return 'not prefetched: not a page';
  if (url === urlOf(document.createElement('a')) || url === location.href.replace(/#.*/s, ''))
    return 'not prefetched: this page itself';
  if (origin !== location.origin && !origins.includes(origin) && !origins.includes(host))
    return 'not prefetched: another origin, which the option "origins" does not have';
  if (link.hasAttribute('download')) return 'not prefetched: a download';
  if (link.closest('[data-prefetch="false"]')) return 'not prefetched: data-prefetch="false"';
  if (ignore?.(url, link)) return 'not prefetched: the option "ignore" says so';
  return `not prefetched: ${pathname}${search} matches one of "ignorePatterns", as words for logging out do`;
}

/** What there is to say about a link. */
export function reasonOf(link: Element, deciding: Deciding): string {
  const url = urlOf(link);
  const mark = markOf(url, deciding);
  if (mark) return meaning(mark, url, deciding);
  const { options, rules } = deciding;
  if (!linkTarget(link, options)) return whyNoTarget(link, url, options);
  const target = targetOf(url);
  if (!target) return 'not prefetched: no edge accepts this URL';
  const isForeign = !url.startsWith(`${location.origin}/`);
  const decide = rules();
  if (!isForeign && !matches(target.path, options.prefetchPatterns)) {
    if (!decide) return 'not prefetched: the rules have not loaded';
    if (!decide(target)) return 'not prefetched: no rule makes it prefetchable';
  }
  if (!isUsable(link, link)) return 'not prefetched: hidden, or under something else';
  return `not prefetched yet: not seen for long enough, or the budget of the page is used up (${options.maxPrefetches})`;
}
