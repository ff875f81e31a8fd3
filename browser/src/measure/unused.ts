/**
 * What the pages of this visitor have prefetched and not used yet, so that each prefetch counts as used once.
 *
 * It stays in this browser, as hashes; nothing of it is sent.
 */
import { hashOf } from './hash.js';

const NAME = 'edgio_unused';
const MOST = 200;
const LONGEST_MINUTES = 24 * 60;

type Entry = [hash: number, minute: number];

const minuteNow = (): number => Math.floor(Date.now() / 60_000);

function read(): Entry[] {
  try {
    const found: unknown = JSON.parse(localStorage[NAME] ?? '[]');
    const oldest = minuteNow() - LONGEST_MINUTES;
    return Array.isArray(found) ? found.filter((entry: Entry) => entry?.[1] >= oldest) : [];
  } catch {
    return [];
  }
}

function write(entries: Entry[]): void {
  try {
    localStorage[NAME] = JSON.stringify(entries.slice(-MOST));
  } catch {
    // Full or forbidden: uses are then not counted.
  }
}

/** Notes a prefetch. */
export function note(url: string): void {
  const hash = hashOf(url);
  write([...read().filter(([other]) => other !== hash), [hash, minuteNow()]]);
}

/** Whether a URL was prefetched and not used until now; from now on it is used. */
export function use(url: string): boolean {
  const hash = hashOf(url);
  const entries = read();
  const others = entries.filter(([other]) => other !== hash);
  if (others.length < entries.length) write(others);
  return others.length < entries.length;
}
