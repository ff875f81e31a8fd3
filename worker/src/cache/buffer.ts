import type { Body, Bytes } from '../edge/types.ts';

/** How far an origin may run ahead of the slowest reader of a body that is too large to be stored. */
const AHEAD_BYTES = 1024 * 1024;
const LINGER_MILLISECONDS = 20;

/**
 * A body while it arrives; each request that waits for it reads all of it.
 *
 * Only plain bytes cross from one request to another: platforms forbid more.
 */
export class BodyBuffer {
  private readonly chunks: Bytes[] = [];
  private dropped = 0;
  private size = 0;
  private isDone = false;
  private error: unknown;
  private waiting: (() => void)[] = [];
  private readonly readers = new Map<object, number>();
  isTooLarge = false;

  constructor(private readonly largest: number) {}

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Whether the slowest reader is too far behind; chunks that all have read are dropped. */
  private isAhead(): boolean {
    const least = Math.min(...this.readers.values());
    while (this.readers.size && this.dropped < least && this.chunks.length) {
      this.size -= this.chunks.shift()?.length ?? 0;
      this.dropped++;
    }
    return this.size > AHEAD_BYTES && this.readers.size > 0;
  }

  /** Read a body to its end; return it whole, or undefined if it is too large to be stored. */
  async fill(body: Body, onTooLarge: () => void, length = Number.NaN): Promise<Bytes | undefined> {
    let arrived = 0;
    try {
      for await (const chunk of pieces(body)) {
        this.chunks.push(chunk);
        this.size += chunk.length;
        arrived += chunk.length;
        if (!this.isTooLarge && this.size > this.largest) {
          this.isTooLarge = true;
          onTooLarge();
        }
        this.wake();
        while (this.isTooLarge && this.isAhead()) await this.changed();
        if (this.isTooLarge && !this.readers.size) return undefined;
      }
      // A length that is not a number differs from nothing.
      if (length < arrived || length > arrived)
        throw new Error('the body has not the length that was declared');
    } catch (error) {
      this.error = error ?? new Error('the body broke off');
      this.wake();
      throw this.error;
    }
    this.isDone = true;
    this.wake();
    if (this.isTooLarge) return undefined;
    return joined(this.chunks, this.size);
  }

  /** Register a reader, so that nothing is dropped before it has read it. */
  open(): object {
    const reader = {};
    this.readers.set(reader, 0);
    return reader;
  }

  close(reader: object): void {
    this.readers.delete(reader);
    this.wake();
  }

  /** The body for one reader, as it arrives. */
  stream(reader: object): ReadableStream<Bytes> {
    return new ReadableStream<Bytes>({
      pull: async (controller) => {
        const at = this.readers.get(reader) ?? 0;
        while (at - this.dropped >= this.chunks.length && !this.isDone && !this.error) await this.changed();
        const chunk = this.chunks[at - this.dropped];
        if (chunk) {
          this.readers.set(reader, at + 1);
          if (this.isTooLarge) this.wake();
          controller.enqueue(chunk);
        } else {
          this.close(reader);
          if (this.error) {
            // What came before is sent first: some platforms drop it with the connection.
            await new Promise((resolve) => setTimeout(resolve, LINGER_MILLISECONDS));
            controller.error(this.error);
          } else controller.close();
        }
      },
      cancel: () => this.close(reader),
    });
  }
}

/** The pieces of a body. */
export async function* pieces(body: Body): AsyncGenerator<Bytes> {
  if (!body) return;
  if (body instanceof Uint8Array) {
    yield body;
    return;
  }
  const reader = body.getReader();
  let isOver = false;
  try {
    while (!isOver) {
      const { done, value } = await reader.read();
      isOver = done;
      if (value) yield value;
    }
  } finally {
    if (!isOver) await reader.cancel().catch(() => {});
  }
}

export const joined = (chunks: readonly Bytes[], size: number): Bytes => {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** Close a body that is not read, and with it the connection that it arrives on. */
export const closeBody = (body: Body): void => {
  if (body && !(body instanceof Uint8Array) && !body.locked) body.cancel().catch(() => {});
};
