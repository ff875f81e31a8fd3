import type { Found, Store, StoredResponse } from '../edge/types.ts';
import type { Fields } from '../http/fields.ts';
import { isSelected, variantText } from '../http/vary.ts';

const MOST_VARIANTS = 32;
/** What a stored response takes besides its body and the texts of its headers, in bytes. */
const OVERHEAD = 2048;

const sizeOf = ({ body, headers, key }: StoredResponse): number => {
  let size = OVERHEAD + body.length + 2 * key.join().length;
  for (const [name, values] of headers) size += 4 * (name.length + values.join().length);
  return size;
};

/** Stored responses in memory, within a limit of bytes; the least recently used are evicted. */
export class MemoryStore implements Store {
  private readonly byKey = new Map<string, StoredResponse[]>();
  private readonly byAddress = new Map<string, Set<string>>();
  size = 0;

  constructor(private readonly limit: number) {}

  find(key: readonly string[], headers: Fields): Found {
    const text = key.join('\n');
    const responses = this.byKey.get(text);
    if (!responses) return { names: [] };
    const stored = responses.findLast(({ variant }) => isSelected(variant, headers));
    if (stored) {
      // The order of a Map is that of use.
      this.byKey.delete(text);
      this.byKey.set(text, responses);
    }
    return { stored, names: responses.at(-1)?.variant.map(([name]) => name) ?? [] };
  }

  store(stored: StoredResponse): void {
    if (sizeOf(stored) > this.limit) return;
    const text = stored.key.join('\n');
    const own = variantText(stored.variant);
    for (const earlier of this.byKey.get(text) ?? [])
      if (variantText(earlier.variant) === own) this.discard(earlier);
    const responses = this.byKey.get(text) ?? [];
    this.byKey.delete(text);
    this.byKey.set(text, responses);
    responses.push(stored);
    const address = stored.key[0] ?? '';
    const keys = this.byAddress.get(address) ?? new Set();
    this.byAddress.set(address, keys.add(text));
    this.size += sizeOf(stored);
    if (responses.length > MOST_VARIANTS && responses[0]) this.discard(responses[0]);
    for (const [, [oldest]] of this.byKey) {
      if (this.size <= this.limit) break;
      if (oldest && oldest !== stored) this.remove(oldest.key.join('\n'));
    }
  }

  discard(stored: StoredResponse): void {
    const text = stored.key.join('\n');
    const responses = this.byKey.get(text);
    const at = responses?.indexOf(stored) ?? -1;
    if (!responses || at < 0) return;
    responses.splice(at, 1);
    this.size -= sizeOf(stored);
    if (!responses.length) this.remove(text);
  }

  invalidate(address: string): void {
    for (const text of this.byAddress.get(address) ?? []) this.remove(text);
  }

  /** The addresses of all that is stored. */
  addresses(): string[] {
    return [...this.byAddress.keys()];
  }

  /** Remove what has one of these tags or addresses; return how many responses there were. */
  purge(tags: ReadonlySet<string>, addresses: ReadonlySet<string>): number {
    let count = 0;
    for (const stored of [...this.byKey.values()].flat())
      if (addresses.has(stored.key[0] ?? '') || stored.tags?.some((tag) => tags.has(tag))) {
        this.discard(stored);
        count++;
      }
    return count;
  }

  private remove(text: string): void {
    for (const stored of this.byKey.get(text) ?? []) this.size -= sizeOf(stored);
    this.byKey.delete(text);
    const address = text.split('\n', 1)[0] ?? '';
    const keys = this.byAddress.get(address);
    keys?.delete(text);
    if (!keys?.size) this.byAddress.delete(address);
  }
}
