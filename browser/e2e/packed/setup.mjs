/** Installs what the apps need, from their lock files, into `build/packed/`; does nothing for those that have it. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { APPS, eachApp, folderOf, run, WORK } from './support/work.mjs';

await eachApp(APPS, async (name) => {
  const folder = join(WORK, name);
  const lock = readFileSync(join(folderOf(name), 'package-lock.json'), 'utf8');
  const installed = join(folder, 'node_modules/.installed');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join(folderOf(name), file), join(folder, file));
  const { status, output } = await run(
    'npm ci --ignore-scripts --no-audit --no-fund --loglevel=error',
    folder,
  );
  if (status) throw new Error(`${name} cannot be installed: ${output}`);
  writeFileSync(installed, lock);
});
