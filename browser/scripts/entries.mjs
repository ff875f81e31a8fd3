import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = new URL('../package.json', import.meta.url);

/** The source of each entry point, from the exports of package.json. */
export function entrySources() {
  const { exports } = JSON.parse(readFileSync(fileURLToPath(manifest), 'utf8'));
  const files = Object.values(exports).flatMap((entry) => entry.default ?? []);
  return [...new Set(files)].map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
}
