/** Before all tests: packs the package, installs it into each app as a user does, builds the apps and starts them. */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { BROWSERS, findBrowser } from '../../support/browsers';
import type { Program } from '../../support/program';
import { start } from './start';
import { APPS, eachApp, folderOf, type Ran, run, sourcesOf, WORK } from './work.mjs';

/** What has become of an app. */
export interface Made {
  types: Ran;
  build: Ran;
  /** Where its own server is, before any edge. */
  url: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    apps: Record<string, Made>;
  }
}

const ROOT = join(import.meta.dirname, '../../..');
/** The apps whose next release is built too. */
const DEPLOYED = ['next16'];

export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  for (const name of BROWSERS) findBrowser(name);
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', WORK];
  const [{ filename }] = JSON.parse(execFileSync('npm', options, { cwd: ROOT, encoding: 'utf8' }));
  const programs: Program[] = [];
  const apps: Record<string, Made> = {};
  await eachApp(APPS, async (name) => {
    const folder = join(WORK, name);
    for (const built of ['dist', 'build', '.next-A', '.next-B'])
      rmSync(join(folder, built), { recursive: true, force: true });
    for (const source of [sourcesOf(name), folderOf(name)]) cpSync(source, folder, { recursive: true });
    const installed = await run(
      `npm install --no-save --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error ../${filename}`,
      folder,
    );
    if (installed.status)
      throw new Error(`the package cannot be installed into ${name}: ${installed.output}`);
    const build = await run('npm run build', folder, { BUILD: 'A' });
    const types = await run('npm run types', folder);
    if (DEPLOYED.includes(name)) await run('npm run build', folder, { BUILD: 'B' });
    const program = build.status ? undefined : await start(name, 'A');
    if (program) programs.push(program);
    apps[name] = { types, build, url: program?.url ?? '' };
  });
  project.provide('apps', apps);
  return async () => {
    for (const program of programs) await program.stop();
  };
}
