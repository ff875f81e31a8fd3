/**
 * What it costs to decide on 1,000 links by 1,000 rules: ours and the published client, in one page.
 *
 * Each number is the median of five fresh pages, so nothing is warmed up. The published client compiles, reads
 * and matches inside its install script: it is measured from its query for links to its last observer.
 */
import { expect, it } from 'vitest';
import { publishedClient } from '../../scripts/published.mjs';
import { bundle } from '../support/bundle';
import { launchAround, visitSite } from '../support/session';
import { HOUR } from '../support/site';

const COUNT = 1_000;
const PAGES = 5;
const CEILING_MS = 10;

/** Runs in the page, bundled. */
const OURS = `
  import { compileManifest } from './src/core/manifest';
  import { targetOf } from './src/core/target';
  import { linkTarget } from './src/links/linkTarget';
  import { options } from './src/window/options';

  window.measureOurs = (rules) => {
    const start = performance.now();
    const matches = compileManifest(rules, console.warn);
    const compiled = performance.now();
    const targets = [...document.links].map((link) => targetOf(linkTarget(link, options)));
    const read = performance.now();
    const matched = targets.filter(matches).length;
    const end = performance.now();
    return { compile: compiled - start, read: read - compiled, match: end - read, matched };
  };
`;

interface Ours {
  compile: number;
  read: number;
  match: number;
  matched: number;
}

/** What {@link watchPublished} leaves in the page. */
interface Watched {
  queried: number;
  observed: number;
  observations: number;
}

/** Runs in the page ahead of the published client: notes its query for links and its use of observers. */
function watchPublished(): void {
  const watched: Watched = { queried: 0, observed: 0, observations: 0 };
  const querySelectorAll = Document.prototype.querySelectorAll;
  Document.prototype.querySelectorAll = function (this: Document, selectors: string) {
    watched.queried ||= performance.now();
    return querySelectorAll.call(this, selectors);
  } as typeof querySelectorAll;
  class Observer {
    observe(): void {
      watched.observed = performance.now();
      watched.observations++;
    }
    unobserve(): void {}
    disconnect(): void {}
  }
  Object.assign(window, { watched, IntersectionObserver: Observer });
}

const numbers = Array.from({ length: COUNT }, (_, index) => index);
const LINKS = numbers.map((index) => `<a href="/section-${index}/${index}">${index}</a>`).join('\n');

const path = (operator: string, value: unknown): object => ({
  if: [{ [operator]: [{ request: 'path' }, value] }, HOUR],
});

/** A rule for each link. */
const RULE_SETS = {
  'path patterns': numbers.map((index) => path('==', `/section-${index}/:id`)),
  'path patterns, one in ten a regular expression': numbers.map((index) =>
    index % 10 ? path('==', `/section-${index}/:id`) : path('=~', `^/section-${index}/\\d+$`),
  ),
};

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const chromium = launchAround('chromium');

it.each(Object.entries(RULE_SETS))(`${COUNT} links against ${COUNT} rules: %s`, async (name, rules) => {
  const page = `<!doctype html>${LINKS}<script>${await bundle({ source: OURS })}</script>`;
  const ours: Ours[] = [];
  const published: number[] = [];
  for (let run = 0; run < PAGES; run++) {
    const { tab } = await visitSite(chromium(), {
      client: 'published',
      rules,
      before: watchPublished,
      pages: { '/': page },
    });
    ours.push((await tab.page.evaluate(`measureOurs(${JSON.stringify(rules)})`)) as Ours);
    await tab.page.addScriptTag({ content: publishedClient().install });
    await tab.until(
      (count) => (window as unknown as { watched: Watched }).watched.observations === count,
      COUNT,
    );
    const watched = (await tab.page.evaluate('watched')) as Watched;
    published.push(watched.observed - watched.queried);
  }

  const oursIn = (part: keyof Ours): number => median(ours.map((run) => run[part]));
  const line = (what: string, value: number): string =>
    `  ${what.padEnd(32)}${value.toFixed(1).padStart(8)} ms`;
  console.log(
    [
      `${name}:`,
      line('ours, compiling the rules', oursIn('compile')),
      line('ours, reading the links', oursIn('read')),
      line('ours, matching', oursIn('match')),
      line('published, reading and matching', median(published)),
    ].join('\n'),
  );
  expect(ours.every(({ matched }) => matched === COUNT)).toBe(true);
  expect(oursIn('match')).toBeLessThan(CEILING_MS);
});
