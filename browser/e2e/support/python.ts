import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the whole project. */
export const PROJECT = join(import.meta.dirname, '../../..');
const VENV_PYTHON = join(PROJECT, '.venv/bin/python');
const PYTHON = existsSync(VENV_PYTHON) ? VENV_PYTHON : 'python3';
/** Where npm puts the programs that run the target `worker`. */
const PROGRAMS = join(PROJECT, 'worker/node_modules/.bin');
const ENVIRONMENT = {
  ...process.env,
  PYTHONPATH: join(PROJECT, 'src'),
  PATH: `${PROGRAMS}:${process.env.PATH}`,
};

/** The `cache-manifest.js` that the Python side builds from a routes file of the project. */
export function buildManifest(routes: string): string {
  const out = mkdtempSync(join(tmpdir(), 'manifest-'));
  try {
    execFileSync(PYTHON, ['-m', 'prefetchrouter', 'build', join(PROJECT, routes), '--out', out], {
      env: ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readFileSync(join(out, 'cache-manifest.js'), 'utf8');
  } finally {
    rmSync(out, { recursive: true });
  }
}

/**
 * The Python side's command as a process that goes on; its output can be read.
 *
 * With PREFETCHROUTER set it is that command, such as the one of an installed wheel.
 */
export function startCommand(
  options: string[],
  environment: Record<string, string> = {},
  folder = PROJECT,
): ChildProcess {
  const installed = process.env.PREFETCHROUTER;
  return spawn(installed ?? PYTHON, [...(installed ? [] : ['-m', 'prefetchrouter']), ...options], {
    cwd: folder,
    env: { ...(installed ? process.env : ENVIRONMENT), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
