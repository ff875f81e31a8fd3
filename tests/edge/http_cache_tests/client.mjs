// The client of the HTTP cache tests: runs all or some and prints, for each, what the suite itself makes of it.
//   node client.mjs SUITE BASE [TEST...]
// SUITE is the suite's folder: that of the npm package, or a checkout of its repository with `npm install` done.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, base, ...wanted] = process.argv.slice(2);
const isCheckout = existsSync(`${folder}/test-engine`);
const suite = (path) => import(pathToFileURL(`${folder}/${path}`).href);
const { runTests, getResults } = await suite(isCheckout ? 'test-engine/client/runner.mjs' : 'client/runner.mjs');
const { determineTestResult } = await suite(isCheckout ? 'test-engine/lib/results.mjs' : 'lib/display.mjs');
const sections = [...(await suite('tests/index.mjs')).default];
if (!isCheckout) sections.push((await suite('tests/surrogate-control.mjs')).default);

// The package brings its own fetch; the repository uses the one of Node.js.
const bring = () => {
  const nodeFetch = createRequire(`${folder}/`)('node-fetch');
  return (url, options) => nodeFetch(url, { timeout: 20_000, ...options });
};
const run = isCheckout ? (tests) => runTests(tests, false, base) : (tests) => runTests(tests, bring(), false, base);

// The suite's own signs, as its README explains them.
const OUTCOMES = { '✅': 'passed', Y: 'passed', '⛔️': 'failed', '⚠️': 'failed', N: 'failed' };
const OPEN = {
  '⚪️': 'a test that it depends on',
  '🔹': 'its setup',
  '↻': 'the cache asked twice',
  '⁉️': 'no answer in time',
};

const all = new Map(sections.flatMap(({ tests }) => tests).map((test) => [test.id, test]));
const chosen = new Set();
function choose(id) {
  if (!all.has(id)) throw new Error(`there is no test ${id}`);
  if (chosen.has(id)) return;
  chosen.add(id);
  for (const dependency of all.get(id).depends_on ?? []) choose(dependency);
}
for (const id of wanted.length ? wanted : all.keys()) choose(id);

const sought = sections.map((section) => ({
  ...section,
  tests: section.tests.filter((test) => chosen.has(test.id)),
}));
await run(sought);

const results = getResults();
const judged = sought.flatMap(({ id: section, tests }) =>
  tests
    .filter((test) => !test.browser_only)
    .map((test) => {
      const sign = determineTestResult(sections, test.id, results)[2];
      return {
        test: test.id,
        section,
        name: test.name,
        kind: test.kind ?? 'required',
        outcome: OUTCOMES[sign] ?? 'not judged',
        open: OPEN[sign] ?? '',
        detail: results[test.id] === true ? '' : results[test.id].join(': '),
      };
    }),
);
console.log(JSON.stringify(judged));
process.exit(0);
