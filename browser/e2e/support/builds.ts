/** The built files that a site serves under the edge's own paths, ours or the published client's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedClient } from '../../scripts/published.mjs';

const STATIC = join(import.meta.dirname, '../../../src/prefetchrouter/static');
const PAGE_SCRIPT = /^(?:\/proj)?\/__edgio__\/prefetch\/(?:(?:v\d+\.\d+\.\d+|[\da-f]{10})\/)?(\w+)\.js$/;
const WORKER = /^(?:\/proj)?\/__edgio__service_worker_v[\d.]+\.js$/;

export type Client = 'ours' | 'published';

/** The script at one of the edge's own paths; `undefined` for all other paths. */
export function ownFile(
  path: string,
  client: Client,
  workerPrologue: string,
  worker = 'service-worker.js',
): string | undefined {
  const script = PAGE_SCRIPT.exec(path)?.[1];
  if (script) return client === 'ours' ? builtFile(`${script}.js`) : publishedClient().install;
  if (!WORKER.test(path)) return undefined;
  return workerPrologue + (client === 'ours' ? builtFile(worker) : publishedClient().worker);
}

/** One of the files that `npm run build` puts into the Python package. */
export function builtFile(name: string): string {
  return readFileSync(join(STATIC, name), 'utf8');
}
