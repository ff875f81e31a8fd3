import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../../..');
const VENV_PYTHON = join(PROJECT, '.venv/bin/python');

/** The `cache-manifest.js` that the Python side builds from a routes file of the project. */
export function buildManifest(routes: string): string {
  const out = mkdtempSync(join(tmpdir(), 'manifest-'));
  try {
    execFileSync(
      existsSync(VENV_PYTHON) ? VENV_PYTHON : 'python3',
      ['-m', 'prefetchrouter', 'build', join(PROJECT, routes), '--out', out],
      { env: { ...process.env, PYTHONPATH: join(PROJECT, 'src') }, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    return readFileSync(join(out, 'cache-manifest.js'), 'utf8');
  } finally {
    rmSync(out, { recursive: true });
  }
}
