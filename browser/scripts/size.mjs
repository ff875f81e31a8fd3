/** Prints the gzip size of each served file and fails when one is above its ceiling. */
import { gzipSync } from 'node:zlib';
import { others } from './others.mjs';
import { served } from './served.mjs';

/** Bytes after gzip. The install script is all that a page loads before its first prefetch. */
const CEILINGS = {
  'install.js': 6550,
  'workerClient.js': 2050,
  'likely.js': 450,
  'manifest.js': 3050,
  'prepare.js': 1150,
  'target.js': 450,
  'watch.js': 750,
  'foreign.js': 550,
  'httpCache.js': 800,
  'heading.js': 450,
  'measure.js': 7300,
  'overlay.js': 3800,
  'deepFetch.js': 400,
  'service-worker.js': 5550,
  'uninstall.js': 450,
};

const gzipped = (text) => gzipSync(text, { level: 9 }).length;

let isAbove = false;
for (const { name, text } of await served()) {
  const size = gzipped(text);
  const ceiling = CEILINGS[name];
  isAbove ||= size > ceiling;
  console.log(`${name.padEnd(18)} ${String(size).padStart(5)} of ${ceiling} bytes`);
}
console.log('\nbeside');
for (const { name, text } of await others()) {
  console.log(`${name.padEnd(34)} ${String(gzipped(text)).padStart(5)} bytes`);
}
if (isAbove) {
  console.error('a file is above its ceiling');
  process.exit(1);
}
