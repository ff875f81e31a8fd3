import { type Fields, get } from '../http/fields.ts';
import { headersFor } from '../http/prefetches.ts';
import { encodedSlash, splitClientParameters, withQuery } from '../http/target.ts';
import type { EdgeRequest } from './context.ts';
import type { SiteData } from './data.ts';
import { Merged } from './merged.ts';

/** The parameters that make no difference to a response. */
export const OWN_PARAMETERS = ['edgio_dt_pf', 'edgio_prefetch', 'edgio_prefetch_http'];

/** A response that rules make. */
export interface Made {
  readonly status: number;
  readonly headers: Fields;
  readonly body: string;
}

/** A response as clients see it, before ranges, conditions and compression. */
export interface Shown {
  readonly status: number;
  readonly headers: Fields;
  /** The body that rules set in place of the origin's. */
  readonly body?: string;
  readonly sendsAge: boolean;
}

/** What is decided about a request: here where no rule applies, in `RuledDecision` as rules say. */
export class Decision {
  constructor(
    readonly request: EdgeRequest,
    protected readonly site: SiteData,
    readonly merged: Merged = new Merged(),
    readonly early: Merged = merged,
  ) {}

  /** Why the edge answers 400. */
  get refusal(): string | undefined {
    return this.site.keepsSlashes ? undefined : encodedSlash(this.request.path);
  }

  /** The line of the last rule that applies. */
  get line(): string | undefined {
    return undefined;
  }

  /** The cache key: host, path and query first, then each further part that counts. */
  get cacheKey(): readonly string[] {
    return [`${this.request.host}${this.target}`];
  }

  /** The `No-Vary-Search` of a response: the parameters that make no difference to it. */
  get noVarySearch(): string {
    return `params=(${OWN_PARAMETERS.map((name) => `"${name}"`).join(' ')})`;
  }

  /** The name of the origin: the default of the hostname. */
  get origin(): string | undefined {
    const known = this.site.hostnames ?? {};
    const host = this.request.host.split(':')[0] ?? '';
    const labels = host.split('.');
    const names = [host, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)];
    return known[names.find((one) => Object.hasOwn(known, one)) ?? ''] ?? undefined;
  }

  /** Path and query for the origin: rewritten, and without the parameters of prefetching. */
  get target(): string {
    return withQuery(this.request.path, splitClientParameters(this.request.query)[0]);
  }

  /** How long rules let a response of a status stay fresh. */
  ttl(_status: number): number | undefined {
    return undefined;
  }

  /** Whether browsers may prefetch the URL. */
  get prefetchable(): boolean {
    return false;
  }

  get denied(): boolean {
    return false;
  }

  /** The headers with which a response is stored: the origin's, as the rules on those change them. */
  storedHeaders(origin: Fields): Fields {
    return origin;
  }

  /** The response that rules make, or undefined if they leave it to cache and origin (E28). */
  get made(): Made | undefined {
    return undefined;
  }

  /** A response of an origin as clients see it; its headers are those after the rules on an origin's headers. */
  shown(status: number, stored: Fields): Shown {
    return { status, headers: headersFor(status, stored), sendsAge: true };
  }

  /** The headers for the origin: those of the client, changed by the rules. */
  requestHeaders(given: Fields): Fields {
    const headers: Fields = new Map([['host', [this.request.host]]]);
    for (const name of given.keys()) headers.set(name, [get(given, name) ?? '']);
    return headers;
  }
}
