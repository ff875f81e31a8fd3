import { describe, expect, it } from 'vitest';
import type { Store, StoredResponse } from '../edge/types.ts';
import { fieldsOf } from '../http/fields.ts';
import type { Variant } from '../http/vary.ts';
import '../optional/requestBodies.ts';
import { optional } from '../optional.ts';
import { BodyBuffer } from './buffer.ts';
import { HitForMiss } from './flights.ts';
import { MemoryStore } from './memory.ts';
import { type PlatformCache, PlatformStore } from './platform.ts';

/** The Cache API as platforms have it: bodies are bytes, headers texts. */
class FakeCache implements PlatformCache {
  readonly kept = new Map<string, { body: ArrayBuffer; headers: [string, string][] }>();

  async match(url: string): Promise<Response | undefined> {
    const found = this.kept.get(url);
    return found && new Response(found.body, { headers: found.headers });
  }

  async put(url: string, response: Response): Promise<void> {
    this.kept.set(url, { body: await response.arrayBuffer(), headers: [...response.headers] });
  }

  async delete(url: string): Promise<boolean> {
    return this.kept.delete(url);
  }
}

const stored = (key: string[], text: string, variant: Variant = [], time = 1): StoredResponse => ({
  key,
  variant,
  original: { status: 200, headers: fieldsOf([['x-é', 'ü\u2028"']]) },
  headers: fieldsOf([
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=1'],
  ]),
  body: new TextEncoder().encode(text),
  policy: { fresh: 1, stale: 2, error: 3 },
  time,
  age: 0,
});

const NONE = fieldsOf([]);
const cache = new FakeCache();
const stores: [string, () => Store][] = [
  ['memory', () => new MemoryStore(1e6)],
  [
    'the Cache API',
    () => {
      cache.kept.clear();
      return new PlatformStore(() => cache);
    },
  ],
];

describe.each(stores)('the store in %s', (_, make) => {
  const found = async (store: Store, key: string[], headers = NONE) => {
    const { stored: one } = await store.find(key, headers);
    return one && new TextDecoder().decode(one.body);
  };

  it('gives back what was stored, byte for byte', async () => {
    const store = make();
    await store.store(stored(['a'], 'one'));
    const { stored: one } = await store.find(['a'], NONE);
    expect(one).toEqual(stored(['a'], 'one'));
  });

  it('tells keys of one address and variants of one key apart', async () => {
    const store = make();
    const german = [['accept-language', 'de']] as const;
    await store.store(stored(['a'], 'plain'));
    await store.store(stored(['a', 'origin x'], 'x'));
    await store.store(stored(['a', 'header y'], 'german', german));
    await store.store(stored(['a', 'header y'], 'none', [['accept-language', null]]));
    expect(await found(store, ['a'])).toBe('plain');
    expect(await found(store, ['a', 'origin x'])).toBe('x');
    expect(await found(store, ['a', 'header y'])).toBe('none');
    expect(await found(store, ['a', 'header y'], fieldsOf([['accept-language', 'de']]))).toBe('german');
    expect(await found(store, ['a', 'header y'], fieldsOf([['accept-language', 'fr']]))).toBeUndefined();
    expect((await store.find(['a', 'header y'], fieldsOf([['accept-language', 'fr']]))).names).toEqual([
      'accept-language',
    ]);
  });

  it('replaces and discards', async () => {
    const store = make();
    await store.store(stored(['a'], 'one', [], 1));
    const first = (await store.find(['a'], NONE)).stored as StoredResponse;
    await store.store(stored(['a'], 'two', [], 2));
    await store.discard(first);
    expect(await found(store, ['a'])).toBe('two');
    await store.discard((await store.find(['a'], NONE)).stored as StoredResponse);
    expect(await found(store, ['a'])).toBeUndefined();
  });

  it('removes all responses of an address', async () => {
    const store = make();
    await store.store(stored(['a'], 'one'));
    await store.store(stored(['a', 'b'], 'two'));
    await store.store(stored(['ab'], 'other'));
    await store.invalidate('a');
    expect([await found(store, ['a']), await found(store, ['a', 'b'])]).toEqual([undefined, undefined]);
    expect(await found(store, ['ab'])).toBe('other');
  });
});

describe('the store in memory', () => {
  it('evicts what was not used for longest, and counts every byte', () => {
    const store = new MemoryStore(10_000);
    for (const name of ['a', 'b', 'c']) store.store(stored([name], 'x'.repeat(1000)));
    store.find(['a'], NONE);
    store.store(stored(['d'], 'x'.repeat(1000)));
    expect(['a', 'b', 'c', 'd'].map((name) => store.find([name], NONE).stored !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    for (const name of ['a', 'b', 'c', 'd']) store.invalidate(name);
    expect(store.size).toBe(0);
  });
});

describe('hit-for-miss', () => {
  it('ends after its time, or when a response was stored', () => {
    let now = 0;
    const marks = new HitForMiss(() => now);
    marks.mark('a');
    marks.mark('b');
    marks.unmark('b');
    expect([marks.has('a'), marks.has('b')]).toEqual([true, false]);
    now = 10;
    expect(marks.has('a')).toBe(false);
  });
});

describe('a body while it arrives', () => {
  const source = (chunks: string[], isBroken = false) =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk));
        else if (isBroken) controller.error(new Error('broken'));
        else controller.close();
      },
    });
  const text = async (stream: ReadableStream) => new Response(stream).text();

  it('is read by each that waits, and is whole in the end', async () => {
    const buffer = new BodyBuffer(100);
    const readers = [buffer.open(), buffer.open()].map((reader) => text(buffer.stream(reader)));
    const whole = await buffer.fill(source(['ab', 'c']), () => {});
    expect(new TextDecoder().decode(whole)).toBe('abc');
    expect(await Promise.all(readers)).toEqual(['abc', 'abc']);
  });

  it('breaks off for its readers, too', async () => {
    const buffer = new BodyBuffer(100);
    const reading = text(buffer.stream(buffer.open()));
    await expect(buffer.fill(source(['ab'], true), () => {})).rejects.toThrow();
    await expect(reading).rejects.toThrow();
  });

  it('is not complete when it has another length than declared', async () => {
    await expect(new BodyBuffer(100).fill(source(['ab']), () => {}, 3)).rejects.toThrow('length');
  });

  it('passes through when it is too large', async () => {
    const buffer = new BodyBuffer(3);
    let isTold = false;
    const reading = text(buffer.stream(buffer.open()));
    const whole = await buffer.fill(source(['ab', 'cd', 'ef']), () => {
      isTold = true;
    });
    expect([whole, isTold, await reading]).toEqual([undefined, true, 'abcdef']);
  });

  it('is small, or still to be read from its beginning', async () => {
    expect((await optional.readSmall(source(['ab']), 3)).whole).toHaveLength(2);
    const { whole, body } = await optional.readSmall(source(['ab', 'cd', 'e']), 3);
    expect(whole).toBeUndefined();
    expect(await text(body as ReadableStream)).toBe('abcde');
  });
});
