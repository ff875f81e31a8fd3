/** The npm package as its users get it: packed, and installed from the file into a new app. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Packed {
  /** An app that has the package, below `browser/`, whose React it finds. */
  app: string;
  /** The installed package. */
  folder: string;
  /** The paths in the archive. */
  paths: string[];
  remove(): void;
}

function npm(folder: string, ...options: string[]): string {
  return execFileSync('npm', [...options, '--ignore-scripts', '--offline', '--loglevel=error'], {
    cwd: folder,
    encoding: 'utf8',
  });
}

/** Pack what `npm run build` has built, and install the archive with these files around it. */
export function packInto(files: Record<string, string>): Packed {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const app = mkdtempSync(join(ROOT, 'build/app-'));
  const [archive] = JSON.parse(npm(ROOT, 'pack', '--json', '--pack-destination', app));
  writeFileSync(join(app, 'package.json'), '{"private": true, "type": "module"}');
  npm(app, 'install', '--no-audit', '--no-fund', '--no-package-lock', `./${archive.filename}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(app, name, '..'), { recursive: true });
    writeFileSync(join(app, name), text);
  }
  return {
    app,
    folder: join(app, 'node_modules/prefetchrouter'),
    paths: archive.files.map(({ path }: { path: string }) => path),
    remove: () => rmSync(app, { recursive: true, force: true }),
  };
}
