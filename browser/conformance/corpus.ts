import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Text of a file of the corpus beside the repository; undefined, and said so, where there is no corpus. */
export function corpus(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/corpus/${name}`, import.meta.url));
  if (existsSync(path)) return readFileSync(path, 'utf8');
  console.log(`conformance: ${name} is not here, so nothing is compared with it`);
  return undefined;
}
