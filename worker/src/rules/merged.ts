import type { LeafData } from './data.ts';

/** What one leaf says of headers: names with values, by feature. */
type Changes = Record<string, [name: string, value: unknown][]>;

/** Headers that say where a message ends, or are for one connection: whoever sends one writes its own. */
const FRAMING =
  /^\+?(?:connection|content-length|expect|keep-alive|proxy-auth.*|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

/** Features where a walk over the rules ends. */
export class Leaf {
  readonly changes: Changes = {};
  readonly rewrites: boolean;
  readonly changesRequest: boolean;
  readonly changesStored: boolean;
  readonly changesResponse: boolean;

  constructor(
    readonly number: number,
    readonly data: LeafData,
  ) {
    this.rewrites = data.set.some(([key]) => key === 'url.url_rewrite');
    for (const [key, value] of data.set) {
      const [section, feature = '', ...rest] = key.split('.');
      const name = rest.join('.');
      if (section !== 'headers' || !name || FRAMING.test(name)) continue;
      this.changes[feature] ??= [];
      this.changes[feature].push([name, value]);
    }
    const features = Object.keys(this.changes);
    this.changesRequest = features.some((one) =>
      /^set_(?:request_headers|client_ip_custom_header)$/.test(one),
    );
    this.changesStored = features.some((one) => one.endsWith('_origin_response_headers'));
    this.changesResponse = features.some((one) => /^[a-z]+_response_headers$/.test(one));
  }
}

/** The settings of several leaves: of each key the last value, and all of those that are gathered. */
export class Merged {
  readonly values = new Map<string, unknown>();
  readonly hasClientCaching: boolean;
  private readonly made = new Map<string, unknown>();

  constructor(readonly leaves: readonly Leaf[]) {
    for (const leaf of leaves)
      for (const [key, value, gathers] of leaf.data.set)
        this.values.set(key, gathers ? [...((this.values.get(key) as unknown[]) ?? []), value] : value);
    this.hasClientCaching =
      this.values.has('caching.bypass_client_cache') || this.values.has('caching.client_max_age');
  }

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
