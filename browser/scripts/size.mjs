/** Prints the gzip size of each served file and fails when one is above its ceiling. */
import { gzipSync } from 'node:zlib';
import { others } from './others.mjs';
import { served } from './served.mjs';

/** Bytes after gzip. The install script is what a page waits for; it loads the other files of a page later. */
const CEILINGS = {
  'install.js': 4000,
  'lazy.js': 5000,
  'deepFetch.js': 500,
  'overlay.js': 2000,
  'service-worker.js': 5400,
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
