/** The apps, where they are, and commands that run in them. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '../apps');

/** Where the apps are installed and built. */
export const WORK = join(import.meta.dirname, '../../../build/packed');

/** The folder with an app's manifest and lock file. */
export const folderOf = (name) => join(SOURCES, name);

/** The folder with its code: `react18` and `react19` are one app with other packages. */
export const sourcesOf = (name) => join(SOURCES, name.replace(/\d+$/, ''));

/** Some names with commas between, to work on these apps alone. */
const ONLY = process.env.PACKED_APPS?.split(',');

/** The names of all apps; those of Next first, since their builds take longest. */
export const APPS = readdirSync(SOURCES)
  .filter((name) => existsSync(join(folderOf(name), 'package.json')))
  .filter((name) => !ONLY || ONLY.includes(name))
  .sort((a, b) => Number(b.startsWith('next')) - Number(a.startsWith('next')));

/** Does something for each app, for two at a time. */
export async function eachApp(names, work) {
  const left = [...names];
  const next = async () => {
    for (let name = left.shift(); name; name = left.shift()) await work(name);
  };
  await Promise.all([next(), next()]);
}

/** Run a command in a folder to its end. */
export function run(command, cwd, environment = {}) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...environment };
  // The test runner has set it; where users start a bundler, the bundler decides.
  delete env.NODE_ENV;
  return new Promise((resolve) => {
    execFile('sh', ['-c', command], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ status: error ? 1 : 0, output: stdout + stderr }),
    );
  });
}
