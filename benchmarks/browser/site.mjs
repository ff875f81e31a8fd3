/** An origin, and `prefetchrouter serve` in front of it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BODY, MODES, SCRIPTS } from './modes.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RULES = `from prefetchrouter import Router

router = Router().match(
    "/pages/:id", caching={"max_age": "1h", "client_max_age": "1h", "service_worker_max_age": "1h"}
)
`;
/** Of each page that links lead to. */
export const PAGE_BYTES = 220_000;

const words = 'prefetch '.repeat(PAGE_BYTES / 9);
const links = (count, from = 0) =>
  Array.from({ length: count }, (_, at) => `<a href="/pages/${from + at}">page ${from + at}</a>`).join(' ');

/** The page of a mode, by name: one link, five, or a thousand. */
function page(path) {
  const [, mode, kind] = /^\/from\/([^/]+)\/(\w+)$/.exec(decodeURIComponent(path)) ?? [];
  if (mode === undefined || !(mode in MODES)) return undefined;
  const body = { none: 'none', one: links(1), five: links(5, 1), many: links(1000) }[kind];
  return `<!doctype html><html><head><meta charset="utf-8"><title>${kind}</title>${MODES[mode]}</head>
    <body ${BODY[mode] ?? ''}><h1>list</h1><p>${body}</p><p><a id="other" href="/other/1">other</a></p></body></html>`;
}

/** Lets the edge at a URL store the pages; its host is part of their keys. */
export async function warm(url) {
  for (let number = 0; number < 10; number++) await (await fetch(`${url}/pages/${number}`)).text();
}

/** Starts both; resolves with the edge's port. */
export async function startSite() {
  const origin = createServer((request, response) => {
    const [path] = request.url.split('?');
    const script = SCRIPTS[path];
    const text =
      script ?? page(path) ?? `<!doctype html><title>${path}</title><h1>${path}</h1><p>${path.startsWith('/pages/') ? words : ''}`;
    response.writeHead(200, {
      'content-type': script ? 'text/javascript' : 'text/html',
      ...(script && { 'cache-control': 'public, max-age=31536000, immutable' }),
    });
    response.end(text);
  });
  await new Promise((done) => origin.listen(0, '127.0.0.1', done));
  const folder = mkdtempSync(join(tmpdir(), 'browser-benchmark-'));
  writeFileSync(join(folder, 'routes.py'), RULES);
  const address = `http://127.0.0.1:${origin.address().port}`;
  const edge = spawn(
    join(ROOT, '.venv/bin/python'),
    ['-m', 'prefetchrouter', 'serve', '--origin', address, '--port', '0', '--format', 'json', '--no-inject', '--no-warm'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await new Promise((ready) => {
    createInterface({ input: edge.stdout }).on('line', (line) => {
      const { address: found } = JSON.parse(line);
      if (found) ready(found);
    });
  });
  return {
    port: Number(new URL(url).port),
    stop() {
      edge.kill('SIGINT');
      origin.close();
    },
  };
}
