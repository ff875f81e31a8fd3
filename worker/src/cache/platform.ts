import type { Found, Store, StoredResponse } from '../edge/types.ts';
import type { Fields } from '../http/fields.ts';
import { isSelected, variantText } from '../http/vary.ts';

/** The Cache API, as far as it is used. */
export interface PlatformCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
  delete(url: string): Promise<boolean>;
}

/** All of a stored response but its body, as the text of a header. */
type Meta = Omit<StoredResponse, 'body' | 'headers' | 'original'> & {
  readonly headers: readonly [string, readonly string[]][];
  readonly original: { readonly status: number; readonly headers: readonly [string, readonly string[]][] };
};

/** Where the responses of an address are, when there is more than one: by key and variant. */
type Listed = readonly { key: readonly string[]; variant: StoredResponse['variant']; url: string }[];

const META = 'x-pr-stored';
const LIST = 'x-pr-list';
const MOST_LISTED = 64;
/** How long the platform keeps what may be revalidated or used when the origin fails. */
const LEAST_SECONDS = 86_400;

/** A header may hold only Latin-1, and no line break. */
const escaped = (text: string): string =>
  text.replace(/[^ -~]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * Stored responses in the cache of a platform, which knows neither Vary nor our windows.
 *
 * Under an address lies its response, if there is one; for several keys or variants a list of where these lie.
 */
export class PlatformStore implements Store {
  constructor(
    private readonly cache: () => PlatformCache,
    private readonly base = 'https://stored.invalid/',
  ) {}

  private url(text: string): string {
    return this.base + encodeURIComponent(text);
  }

  private async at(url: string): Promise<{ stored?: StoredResponse; list?: Listed }> {
    const found = await this.cache().match(url);
    if (!found) return {};
    const list = found.headers.get(LIST);
    if (list !== null) return { list: JSON.parse(list) as Listed };
    const meta = JSON.parse(found.headers.get(META) ?? '{}') as Meta;
    const original = { status: meta.original.status, headers: new Map(meta.original.headers) };
    const body = new Uint8Array(await found.arrayBuffer());
    return { stored: { ...meta, headers: new Map(meta.headers), original, body } };
  }

  private async put(url: string, stored: StoredResponse): Promise<void> {
    const { body, headers, original, ...rest } = stored;
    const meta: Meta = {
      ...rest,
      headers: [...headers],
      original: { status: original.status, headers: [...original.headers] },
    };
    const { fresh, stale, error } = stored.policy;
    const age = Math.ceil(Math.max(LEAST_SECONDS, fresh + stale, fresh + error));
    // By these the platform purges; it takes neither blanks nor what is not ASCII.
    const tags = stored.tags?.filter((tag) => /^[!-+\--~]+$/.test(tag)).join();
    const kept = {
      ...(tags && { 'cache-tag': tags }),
      [META]: escaped(JSON.stringify(meta)),
      'cache-control': `max-age=${age}`,
    };
    await this.cache().put(url, new Response(body as BodyInit, { headers: kept }));
  }

  async find(key: readonly string[], headers: Fields): Promise<Found> {
    const { stored, list } = await this.at(this.url(key[0] ?? ''));
    const text = key.join('\n');
    if (stored) {
      if (stored.key.join('\n') !== text) return { names: [] };
      const names = stored.variant.map(([name]) => name);
      return isSelected(stored.variant, headers) ? { stored, names } : { names };
    }
    const own = (list ?? []).filter((one) => one.key.join('\n') === text);
    const names = own.at(-1)?.variant.map(([name]) => name) ?? [];
    const place = own.findLast(({ variant }) => isSelected(variant, headers));
    return { stored: place && (await this.at(place.url)).stored, names };
  }

  async store(stored: StoredResponse): Promise<void> {
    const url = this.url(stored.key[0] ?? '');
    const there = await this.at(url);
    const isOwn = (one: { key: readonly string[]; variant: StoredResponse['variant'] }) =>
      one.key.join('\n') === stored.key.join('\n') &&
      variantText(one.variant) === variantText(stored.variant);
    const place = (one: StoredResponse) => ({
      key: one.key,
      variant: one.variant,
      url: this.url(`${one.key.join('\n')}\n\n${variantText(one.variant)}`),
    });
    if (!there.list && (!there.stored || isOwn(there.stored))) return this.put(url, stored);
    const list = [...(there.list ?? [])].filter((one) => !isOwn(one));
    if (there.stored) {
      list.push(place(there.stored));
      await this.put(place(there.stored).url, there.stored);
    }
    list.push(place(stored));
    await this.put(place(stored).url, stored);
    const kept = list.slice(-MOST_LISTED);
    const headers = {
      [LIST]: escaped(JSON.stringify(kept)),
      'cache-control': `max-age=${LEAST_SECONDS * 30}`,
    };
    await this.cache().put(url, new Response(null, { headers }));
  }

  async discard(stored: StoredResponse): Promise<void> {
    const url = this.url(stored.key[0] ?? '');
    const there = await this.at(url);
    if (there.stored?.time === stored.time) await this.cache().delete(url);
    const place = there.list?.find(
      (one) =>
        one.key.join('\n') === stored.key.join('\n') &&
        variantText(one.variant) === variantText(stored.variant),
    );
    if (place && (await this.at(place.url)).stored?.time === stored.time)
      await this.cache().delete(place.url);
  }

  async invalidate(address: string): Promise<void> {
    const url = this.url(address);
    const { list } = await this.at(url);
    await Promise.all([url, ...(list ?? []).map((one) => one.url)].map((one) => this.cache().delete(one)));
  }
}
