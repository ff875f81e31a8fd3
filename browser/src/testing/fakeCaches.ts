/** Caches in memory, as far as our store uses them. */
export class FakeCaches {
  readonly #caches = new Map<string, FakeCache>();

  async open(name: string): Promise<FakeCache> {
    const cache = this.#caches.get(name) ?? new FakeCache();
    this.#caches.set(name, cache);
    return cache;
  }

  async has(name: string): Promise<boolean> {
    return this.#caches.has(name);
  }

  async keys(): Promise<string[]> {
    return [...this.#caches.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.#caches.delete(name);
  }
}

export class FakeCache {
  /** How many of the next writes fail as if the quota was exceeded. */
  failingWrites = 0;
  readonly #responses = new Map<string, Response>();

  async match(key: string): Promise<Response | undefined> {
    return this.#responses.get(this.#absolute(key))?.clone();
  }

  async put(key: string, response: Response): Promise<void> {
    if (this.failingWrites > 0 && !key.includes('index')) {
      this.failingWrites--;
      throw new DOMException('quota', 'QuotaExceededError');
    }
    this.#responses.set(this.#absolute(key), response);
  }

  async delete(key: string): Promise<boolean> {
    return this.#responses.delete(this.#absolute(key));
  }

  async keys(): Promise<{ url: string }[]> {
    return [...this.#responses.keys()].map((url) => ({ url }));
  }

  #absolute(key: string): string {
    return new URL(key, 'https://shop.example').href;
  }
}
