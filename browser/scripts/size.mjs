/** Prints the gzip size of each served file and fails when one is above its ceiling. */
import { gzipSync } from 'node:zlib';
import { others } from './others.mjs';
import { served } from './served.mjs';

/** Bytes after gzip. The install script is all that a page loads before its first prefetch. */
const CEILINGS = {
  'install.js': 6150,
  'workerClient.js': 1770,
  'extras.js': 550,
  'manifest.js': 2920,
  'likely.js': 630,
  'prepare.js': 1080,
  'target.js': 430,
  'watch.js': 700,
  'foreign.js': 530,
  'httpCache.js': 700,
  'heading.js': 400,
  'measure.js': 7050,
  'overlay.js': 4440,
  'deepFetch.js': 390,
  'service-worker.js': 5490,
  'uninstall.js': 370,
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
