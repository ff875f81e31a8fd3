import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

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

/** With PREFETCHROUTER set it is that command, such as the one of an installed wheel. */
const INSTALLED = process.env.PREFETCHROUTER;
const [COMMAND, FIRST] = INSTALLED ? [INSTALLED, []] : [PYTHON, ['-m', 'prefetchrouter']];
const OWN = INSTALLED ? process.env : ENVIRONMENT;

/** The Python side's command as a process that goes on; its output can be read. */
export function startCommand(
  options: string[],
  environment: Record<string, string> = {},
  folder = PROJECT,
): ChildProcess {
  return spawn(COMMAND, [...FIRST, ...options], {
    cwd: folder,
    env: { ...OWN, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Run the command to its end in a folder; returns what it prints. */
export async function runCommand(options: string[], folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(COMMAND, [...FIRST, ...options], { cwd: folder, env: OWN });
  return stdout;
}

/** The output of a Python program that imports the project. */
export function pythonPrints(code: string): string {
  return execFileSync(PYTHON, ['-c', code], { env: ENVIRONMENT, encoding: 'utf8' });
}
