import type { Leaf } from './leaf.ts';

/** What the rules that apply set: of each key the last value, and all of those that are gathered. */
export class Merged {
  private readonly made = new Map<string, unknown>();

  constructor(
    readonly leaves: readonly Leaf[] = [],
    readonly values: ReadonlyMap<string, unknown> = new Map(),
  ) {}

  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }

  is(key: string): boolean {
    return this.values.get(key) === true;
  }

  /** What a function makes of these settings alone, made once. */
  once<T>(name: string, make: () => T): T {
    if (!this.made.has(name)) this.made.set(name, make());
    return this.made.get(name) as T;
  }

  /** The names under a feature that is merged name by name. */
  names(feature: string): string[] {
    return this.once(`names ${feature}`, () =>
      [...this.values.keys()]
        .filter((key) => key.startsWith(`${feature}.`))
        .map((key) => key.slice(feature.length + 1)),
    );
  }
}
