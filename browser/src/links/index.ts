/** Prefetches the links of a page that patterns or the rules name, when they are seen or pointed at. */

import { navigationGlobal } from '../core/names.js';
import type { Trigger } from '../core/pageTypes.js';
import { watchIntent } from './intent.js';
import type { Take } from './likely.js';
import { linkTarget, matches, plainTarget, type Reader } from './linkTarget.js';
import { loadMatcher, type Matcher } from './loadMatcher.js';
import type { Page } from './page.js';
import { prefetchUrgently, prefetchVisible, renewBudget } from './queue.js';
import { scanAll, watchChanges } from './scan.js';
import { forgetTaken, lookAgain, putBack, type Sighting, take, watchSight } from './sight.js';
import { isUsable } from './usable.js';

let page: Page;
let rules: Matcher | undefined;
let reader: Reader | undefined;
let isReading = false;
/** What a visitor means to open, as long as it is not known whether it is prefetched. */
let meant: [link: Element, trigger: Trigger] | undefined;
let shown: string;
/** Finds the next link in view: the most likely one, if that is known. */
let pick: Take<Sighting> = take;

/** Whether the user asks for little data, or has a slow connection. */
function isConstrained(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean; effectiveType?: string } };
  return Boolean(connection?.saveData || /2g/.test(connection?.effectiveType ?? ''));
}

const isAllowed = (trigger: Trigger): boolean => page.options.triggers.includes(trigger) && !isConstrained();

/** Looks again at what was put off, when more is known. */
function decideAgain(): void {
  lookAgain();
  if (meant) react(...meant);
}

/** Loads what reads URLs that are not written plainly. */
function loadReader(): void {
  const use = (loaded: Reader): void => {
    reader = loaded;
    decideAgain();
  };
  if (!isReading) page.loadReader().then(use, page.warn);
  isReading = true;
}

/** The URL to prefetch for a link: empty for none, or undefined if that is not known. */
function hrefOf(link: Element): string | undefined {
  const { prefetchPatterns } = page.options;
  const url = linkTarget(link, page.options);
  if (!url.startsWith(`${location.origin}/`)) return url;
  let target = plainTarget(url);
  if (!target && !reader) return void loadReader();
  target ??= reader?.(url);
  if (!target) return '';
  if (matches(target.path, prefetchPatterns)) return url;
  return rules && (rules(target) ? url : '');
}

const pathOf = ({ link }: Sighting): string => linkTarget(link, page.options).slice(location.origin.length);

/** Loads what was learned of this page; until then no visible link is prefetched. */
function learn(): void {
  pick = take;
  if (!(navigationGlobal in globalThis)) return;
  const wait = (): undefined => undefined;
  pick = wait;
  void page
    .loadLikely(location.pathname + location.search, take, pathOf)
    .catch(page.warn)
    .then((found) => {
      if (pick !== wait) return;
      pick = (found as Take<Sighting> | undefined) ?? take;
      start();
    });
}

/** The URL of the next visible link; empty when that has none to prefetch, undefined without such a link. */
function next(): string | undefined {
  const seen = pick();
  if (!seen) return undefined;
  const href = isAllowed('visible') ? hrefOf(seen.link) : '';
  if (href === undefined || (href && !isUsable(seen.link, seen.box))) putBack(seen);
  else return href;
  return '';
}

function start(): void {
  // Without the Navigation API there is no event when a script changes the URL.
  checkAddress();
  prefetchVisible(page, next);
}

/** Prefetches what a visitor means to open. */
export function react(link: Element, trigger: Trigger): void {
  checkAddress();
  const href = isAllowed(trigger) ? hrefOf(link) : '';
  meant = href === undefined ? [link, trigger] : undefined;
  if (href) prefetchUrgently(page, href);
}

/** The rules in force, once they are known. */
export const currentRules = (): Matcher | undefined => rules;

/** Checks all links again, with changed options; started prefetches are not repeated. */
export function renewLinks(): void {
  if (!page) return;
  forgetTaken();
  if (!page.options.observe.disabled) scanAll(document, page.options);
}

function startAnew(): void {
  renewBudget();
  renewLinks();
}

/** Starts anew at another address: a single-page app shows many pages in one document. */
function checkAddress(): void {
  const address = location.href.replace(/#.*/s, '');
  if (shown === address) return;
  const isFirst = !shown;
  shown = address;
  learn();
  if (!isFirst) startAnew();
}

/** Starts to watch links; called once. */
export function watchLinks(given: Page): void {
  page = given;
  const { options } = page;
  checkAddress();
  watchIntent(react);
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', checkAddress);
  addEventListener('popstate', checkAddress);
  // A page that the browser has kept whole and shows again: meanwhile others were opened.
  addEventListener('pageshow', ({ persisted }) => persisted && startAnew());
  watchSight(() => options.dwellMilliseconds, start, options.threshold);
  loadMatcher(page, (loaded) => {
    rules = loaded;
    decideAgain();
  });
  watchChanges(options);
  scanAll(document, options);
}
