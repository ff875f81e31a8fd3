/**
 * Side by side on the same pages: no script, quicklink, instant.page, Speculation Rules, and ours.
 *
 *     npm --prefix browser run compare -- --runs 5 --only chromium
 *
 * The link between browser and edge has 200 kB/s and a round-trip time of 100 ms. Each figure is the median of the runs,
 * in each of which all modes have their turn, so that a busy machine is busy for all of them. `--scenario clickUnderWay`
 * measures what has that in its name, and `--trace` prints what was on the link. `--docs` writes the tables and a picture
 * into docs/browser.md.
 */
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { MODES } from './modes.mjs';
import { medians, table, write } from './report.mjs';
import {
  clickAfter,
  clickOther,
  clickUnderWay,
  clickUnderWayLater,
  costs,
  firstPrefetch,
} from './scenarios.mjs';
import { startSite, warm } from './site.mjs';
import { startLink } from './throttle.mjs';

const { resolve } = createRequire(new URL('../../browser/package.json', import.meta.url));
const { default: puppeteer } = await import(resolve('puppeteer-core'));

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    mode: { type: 'string', default: '' },
    scenario: { type: 'string', default: '' },
    trace: { type: 'boolean', default: false },
    docs: { type: 'boolean', default: false },
  },
});

const BROWSERS = {
  chromium: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  firefox: { browser: 'firefox', executablePath: '/usr/bin/firefox-esr' },
};

/** What is measured over the slow link, and what without; the last two need Chromium's protocol. */
const SLOW = [firstPrefetch, clickUnderWay, clickUnderWayLater, clickAfter];
const CHROMIUM = { slow: [clickOther], fast: [costs] };

const modes = Object.keys(MODES).filter((mode) => mode.includes(values.mode));

async function measure(browser, links, scenarios) {
  const found = {};
  for (let run = 0; run < Number(values.runs); run++) {
    for (const mode of modes) {
      for (const [link, scenario] of scenarios(links)) {
        if (!new RegExp(values.scenario).test(scenario.name)) continue;
        const figures = await scenario(browser, link, mode).catch((error) => {
          console.error(`${mode}, ${scenario.name}: ${error.message}`);
        });
        if (values.trace) console.log(`\n${mode}, ${scenario.name}\n${link.trace.join('\n')}`);
        for (const [column, figure] of Object.entries(figures ?? {})) {
          found[mode] ??= {};
          found[mode][column] ??= [];
          found[mode][column].push(figure);
        }
      }
    }
  }
  return found;
}

const site = await startSite();
const slow = await startLink(site.port, 200_000, 100);
const fast = await startLink(site.port, 1e9, 0);
for (const link of [slow, fast]) await warm(link.url);
const [tables, figures, [load]] = [[], {}, loadavg()];
for (const [name, options] of Object.entries(BROWSERS)) {
  if (values.only && values.only !== name) continue;
  const browser = await puppeteer.launch(options);
  const more = name === 'chromium' ? CHROMIUM : { slow: [], fast: [] };
  const found = await measure(browser, { slow, fast }, (links) => [
    ...[...SLOW, ...more.slow].map((scenario) => [links.slow, scenario]),
    ...more.fast.map((scenario) => [links.fast, scenario]),
  ]);
  const version = (await browser.version()).match(/\d+/)[0];
  figures[name] = medians(found);
  tables.push(table(`${name[0].toUpperCase()}${name.slice(1)} ${version}`, figures[name]));
  console.log(`\n${tables.at(-1)}`);
  await browser.close();
}
if (values.docs) write(tables, values.runs, load, figures.chromium);
slow.stop();
fast.stop();
site.stop();
