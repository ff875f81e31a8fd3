// Asks real browsers which answers a link prefetch saves the click: node scripts/measure_prefetch_reuse.mjs
//
// Each case is a page with one <link rel=prefetch>, then a click on the link, with the requests counted at a local
// server: 0 none (the prefetch was used), c conditional, f full. The results are the tests in
// tests/freshness/test_measured.py; `npm install` in browser/ provides puppeteer-core.
import http from 'node:http';
import { createRequire } from 'node:module';

const { default: puppeteer } = await import(
  createRequire(new URL('../browser/package.json', import.meta.url)).resolve('puppeteer-core')
);

const BROWSERS = {
  chromium: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
  firefox: { browser: 'firefox', executablePath: '/usr/bin/firefox-esr' },
};

const control = (text, more = {}) => ({ 'cache-control': text, ...more });
const tenDaysBefore = { 'last-modified': new Date(Date.now() - 864e6).toUTCString() };

const CASES = [
  [200, {}],
  [200, control('max-age=900')],
  [200, control('max-age=900, must-revalidate', { age: '840' })],
  [200, control('max-age=900', { age: '901' })],
  [200, control('max-age=900, max-age=0')],
  [200, control('max-age=abc', { age: '901' })],
  [200, control('max-age=abc', tenDaysBefore)],
  [200, control('max-age="900"', { age: '901' })],
  [200, control('max-age=10, max-age="900"', { age: '20' })],
  [200, control('max-age= 900')],
  [200, control('max-age= 900', { age: '901' })],
  [200, control('max-age =900')],
  [200, control('max-age =900', { age: '901' })],
  [200, control('max-age=900.5')],
  [200, control('max-age=900.5', { age: '901' })],
  [200, control('max-age=900 x', { age: '901' })],
  [200, control('max-age=-5')],
  [200, control('max-age=+900')],
  [200, control('public; max-age=900', { age: '901' })],
  [200, control('must-revalidate', tenDaysBefore)],
  [200, { expires: '0', ...tenDaysBefore }],
  [200, control('no-cache="set-cookie", max-age=900')],
  [200, control('max-age=900, no-cache=1')],
  [200, control('max-age=900, no-store="x"')],
  [200, control('max-age=900, private="x"')],
  [200, { pragma: 'no-cache' }],
  [200, control('max-age=900', { pragma: 'no-cache' })],
  [200, control('stale-while-revalidate=600')],
  [200, control('max-age=0, must-revalidate, stale-while-revalidate=600')],
  [200, control('max-age=900', { vary: 'Sec-Purpose' })],
  [200, control('max-age=900', { vary: 'Purpose' })],
  [200, control('max-age=900', { age: '"901"' })],
  ...[203, 204, 300, 400, 403, 404, 500, 503].map((status) => [status, control('max-age=900')]),
  ...[203, 404, 405].map((status) => [status, tenDaysBefore]),
  ...[203, 308, 403, 410, 503].map((status) => [status, {}]),
  [410, control('must-revalidate')],
];

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Requests for the prefetched page, as they come: c or f. */
let requests = [];

const server = http.createServer((request, response) => {
  const [, kind, number] = request.url.split('/');
  if (kind === 'target') {
    const [status, headers] = CASES[Number(number)];
    requests.push(request.headers['if-modified-since'] || request.headers['if-none-match'] ? 'c' : 'f');
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end('<title>target</title>');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' });
  response.end(`<link rel="prefetch" href="/target/${number}"><a href="/target/${number}">go</a>`);
});

async function requestsAtTheClick(page, url) {
  requests = [];
  await page.goto(url);
  for (let tries = 0; tries < 100 && requests.length === 0; tries++) await pause(100);
  await pause(700);
  const before = requests.length;
  await Promise.all([page.waitForNavigation({ timeout: 8000 }).catch(() => {}), page.click('a')]);
  await pause(700);
  return before === 0 ? 'no prefetch' : requests.slice(before).join('') || '0';
}

async function measure(options) {
  const browser = await puppeteer.launch(options);
  const page = await browser.newPage();
  const results = [];
  for (const number of CASES.keys()) {
    results.push(await requestsAtTheClick(page, `http://localhost:${server.address().port}/page/${number}`));
  }
  await browser.close();
  return results;
}

await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const chromium = await measure(BROWSERS.chromium);
const firefox = await measure(BROWSERS.firefox);
server.close();
console.log('chromium  firefox  answer');
for (const [number, [status, headers]] of CASES.entries()) {
  const shown = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  console.log(chromium[number].padEnd(8), '', firefox[number].padEnd(7), '', status, shown.join('; '));
}
