/** Starts the server that a built app has itself, before any edge. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, serveFolder, spawnProgram } from '../../support/program';
import { WORK } from './work.mjs';

/** Start one build of an app by its own command, or serve its files where it has none. */
export function start(name: string, build: string, port?: number): Promise<Program> {
  const folder = join(WORK, name);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!scripts.start) return serveFolder(join(folder, 'dist'));
  return spawnProgram('npm start', folder, { path: '/', port, environment: { BUILD: build } });
}
