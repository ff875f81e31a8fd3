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
