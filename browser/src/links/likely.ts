/** Where visitors go from a page, as learned from logs: the likely links go first, and the others wait for a pointer. */
import { after } from '../core/after.js';
import { navigationGlobal } from '../core/names.js';

/** Pages by path and query, the most likely first, each with how likely it is, about. */
export type Likely = Readonly<Record<string, number>>;

/** Prefetching does not wait longer for a file that may never come. */
const PATIENCE_MILLISECONDS = 1000;

type Given = { [navigationGlobal]?: [folder: string, count: number] };

/** The hash of a page: FNV-1a, as in `targets/page_navigation.py`. */
export function hashOf(page: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < page.length; at++) {
    hash = Math.imul(hash ^ (page.charCodeAt(at) & 255), 0x01000193);
  }
  return hash >>> 0;
}

/** The number of the file that has a page. */
export function fileOf(hash: number, count: number): number {
  return ((hash ^ (hash >>> 16)) >>> 0) % count;
}

/** The probabilities that files have. */
const LEVELS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9];

const digit = (text: string, at: number): number => text.charCodeAt(at) - 35;

/** The row of the first of these names that has one, in a file of the form that `targets/page_navigation.py` describes. */
export function rowOf([urls, rows]: [urls: string, rows: string], names: string[]): Likely | undefined {
  let url = '';
  const known = urls.split('\n').map((line) => (url = url.slice(0, digit(line, 0)) + line.slice(1)));
  const lines = rows.split('\n');
  const row = names.map((name) => lines[known.indexOf(name)]).find(Boolean);
  if (!row) return undefined;
  const likely: Record<string, number> = {};
  for (const link of row.match(/.../g) ?? []) {
    likely[known[digit(link, 0) * 64 + digit(link, 1)] as string] = LEVELS[digit(link, 2)] as number;
  }
  return likely;
}

async function load(root: string, page: string, folder: string, count: number): Promise<Likely | undefined> {
  const hash = hashOf(page);
  const response = await fetch(`${root}${folder}${fileOf(hash, count)}.json`);
  // A page whose URL may not be published has a row under its hash.
  return rowOf(await response.json(), [page, `#${hash.toString(16)}`]);
}

/**
 * What is known of a page, or undefined if there is nothing, or if it does not arrive.
 *
 * @param root Origin, and folder if any, of the site's own files.
 * @param page Path and query.
 */
export async function likelyNext(root: string, page: string): Promise<Likely | undefined> {
  const given = (globalThis as Given)[navigationGlobal];
  if (!given) return undefined;
  const loaded = load(root, page, ...given).catch(() => undefined);
  return Promise.race([loaded, after(PATIENCE_MILLISECONDS)]);
}

/** Finds the next link in view, or returns undefined. */
export type Take<Seen> = () => Seen | undefined;

/**
 * Loads what is known of a page; returns undefined if there is nothing, or if it does not arrive.
 *
 * @param root Origin, and folder if any, of the site's own files.
 * @param page Path and query.
 * @param take Finds the next link in view.
 * @param pathOf Path and query of what is in view.
 * @returns A function that finds the most likely link in view instead, and skips unlikely ones.
 */
export async function loadLikely<Seen>(
  root: string,
  page: string,
  take: Take<Seen>,
  pathOf: (seen: Seen) => string,
): Promise<Take<Seen> | undefined> {
  const likely = await likelyNext(root, page);
  if (!likely) return undefined;
  const paths = Object.keys(likely);
  /** Likely links in view, the best one first. */
  const best: { seen: Seen; place: number }[] = [];
  return () => {
    for (let seen = take(); seen; seen = take()) {
      const place = paths.indexOf(pathOf(seen));
      if (place >= 0) best.push({ seen, place });
    }
    return best.sort((a, b) => a.place - b.place).shift()?.seen;
  };
}
