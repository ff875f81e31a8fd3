/**
 * Measures how long the runtime takes to decide: `node scripts/decide.mjs BUILT/worker.js /path`.
 *
 * The rules are those of a built worker.js; the code is that of the sources, since worker.js exports no decision.
 */
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = `${import.meta.dirname}/..`;

const [built, path] = process.argv.slice(2);
const { data } = await import(pathToFileURL(built).href);
const optional = readdirSync(`${root}/src/optional`).map((name) => `import './src/optional/${name}';`);
const contents = `${optional.join('')} export { Rules } from './src/rules/walk.ts'`;
const { outputFiles } = await build({
  stdin: { contents, resolveDir: root },
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
});
const source = Buffer.from(outputFiles[0].text).toString('base64');
const { Rules } = await import(`data:text/javascript;base64,${source}`);

const rules = new Rules(data);
const headers = new Map([['host', ['www.shop.example']]]);
const base = { method: 'GET', scheme: 'https', host: 'www.shop.example', query: '', headers, facts: {} };
// Each time another page of another rule, so that nothing is known from the time before.
const count = data.rules.length;
const paths = Array.from({ length: 5_000 }, (_, at) =>
  path.replace(/s\d+(?=\/)/, `s${(at * 7919) % count}`).replace(/[^/]*$/, String(at)),
);

let least = Number.POSITIVE_INFINITY;
for (let round = 0; round < 10; round++) {
  const start = process.cpuUsage();
  for (const one of paths) {
    const decision = rules.decide({ ...base, path: one });
    if (decision.ttl(200) !== 3600) throw new Error(`no rule applies to ${one}`);
  }
  const { user, system } = process.cpuUsage(start);
  least = Math.min(least, (user + system) / paths.length);
}
console.log(JSON.stringify({ microseconds: least }));
