/** Where visitors go from a page, as learned from logs: the likely links go first, and the others wait for a pointer. */
import { after } from '../core/after.js';
import { navigationGlobal } from '../core/names.js';

/** Pages by path and query, each with how likely it is. */
export type Likely = Readonly<Record<string, number>>;

/** Prefetching does not wait longer for a file that may never come. */
const PATIENCE_MILLISECONDS = 1000;

type Given = { [navigationGlobal]?: [folder: string, count: number] };

/** The number of the file that has a page: FNV-1a, as in `targets/page_navigation.py`. */
export function fileOf(page: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < page.length; at++) {
    hash = Math.imul(hash ^ (page.charCodeAt(at) & 255), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) % count;
}

async function load(root: string, page: string, folder: string, count: number): Promise<Likely | undefined> {
  const response = await fetch(`${root}${folder}${fileOf(page, count)}.json`);
  return ((await response.json()) as Record<string, Likely>)[page];
}

/**
 * Loads what is known of a page; nothing where that is nothing, or does not come.
 *
 * @param root Origin, and folder if any, of the site's own files.
 * @param page Path and query.
 */
export function loadLikely(root: string, page: string): Promise<Likely | undefined> {
  const given = (globalThis as Given)[navigationGlobal];
  const loaded = given ? load(root, page, ...given).catch(() => undefined) : Promise.resolve(undefined);
  return Promise.race([loaded, after(PATIENCE_MILLISECONDS)]);
}
