/**
 * The published client, for comparison: the two files that `@edgio/prefetch` (Apache-2.0) has for
 * script tags. Only that package is fetched, none of its dependencies, and nothing of it is run here.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@edgio/prefetch@7.13.13';
const ARCHIVE = 'edgio-prefetch-7.13.13.tgz';
const SHA512 = 'JPqheio561NYxNKlcuoL3h+Urykk7DnC/KFL2tXxdrBLK3w9UbjKJqVdg7lBL2Qfn5aCBzcFSGNL0oqXvOV5hw==';
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/published-client', import.meta.url));

/** Fetch the package once and check that it is the one we know; throws when it cannot be had. */
export function fetchPublished() {
  const archive = join(FOLDER, ARCHIVE);
  if (!existsSync(archive)) {
    mkdirSync(FOLDER, { recursive: true });
    execFileSync('npm', ['pack', PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', FOLDER]);
  }
  const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
  if (digest !== SHA512) throw new Error(`${PACKAGE} is not the package that is known here`);
  if (!existsSync(join(FOLDER, 'package/cdn/install.js'))) {
    execFileSync('tar', ['-xzf', archive, '-C', FOLDER, 'package/cdn', 'package/package.json']);
  }
}

/** The text of its install script and of its service worker; `fetchPublished()` came first. */
export function publishedClient() {
  const read = (file) => readFileSync(join(FOLDER, 'package/cdn', file), 'utf8');
  return { install: read('install.js'), worker: read('service-worker.js') };
}
