import type { Fields } from '../http/fields.ts';
import { splitClientParameters, withQuery } from '../http/target.ts';
import { optional } from '../optional.ts';
import { cacheKey } from './cacheKey.ts';
import type { Context } from './context.ts';
import type { SiteData, Template } from './data.ts';
import { clientHeaders, requestHeaders, storedHeaders } from './headers.ts';
import type { Merged } from './merged.ts';

export interface Redirect {
  readonly status: number;
  readonly location: string;
}

const EMPTY: Fields = new Map();
const USUAL_PORT: Record<string, string> = { http: ':80', https: ':443' };

/** A host without the usual port of its scheme. */
export const withoutUsualPort = (host: string, scheme: string): string => {
  const port = USUAL_PORT[scheme] ?? ':';
  return host.endsWith(port) ? host.slice(0, -port.length) : host;
};

/** What rules say about one request; each part is worked out when it is first needed. */
export class Decision {
  private key: readonly string[] | undefined;
  private redirects: { readonly found: Redirect | undefined } | undefined;

  constructor(
    private readonly context: Context,
    readonly merged: Merged,
    readonly early: Merged,
    private readonly site: SiteData,
  ) {}

  get refusal(): string | undefined {
    return this.context.refusal;
  }

  /** The line of the last rule that applies. */
  get line(): string | undefined {
    return this.merged.leaves.at(-1)?.data.line;
  }

  get cacheKey(): readonly string[] {
    this.key ??= cacheKey(this.context, this.early);
    return this.key;
  }

  /** The name of the origin: that of a rule, else the default of the hostname. */
  get origin(): string | undefined {
    if (this.refusal) return undefined;
    const name = this.early.get<string>('origin.set_origin');
    if (name !== undefined) return name;
    const known = this.site.hostnames ?? {};
    const host = this.context.request.host.split(':')[0] ?? '';
    const labels = host.split('.');
    const names = [host, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)];
    return known[names.find((one) => Object.hasOwn(known, one)) ?? ''] ?? undefined;
  }

  /** Path and query for the origin: rewritten, and without the parameters of prefetching. */
  get target(): string {
    return withQuery(this.context.sentPath, splitClientParameters(this.context.originQuery)[0]);
  }

  /** How long rules let a response of a status stay fresh. */
  ttl(status: number): number | undefined {
    const { method } = this.context.request;
    const methods = this.merged.get<string[]>('caching.enable_caching_for_methods') ?? [];
    const isAllowed =
      (method === 'GET' || method === 'HEAD' || methods.includes(method)) &&
      !this.merged.is('caching.bypass_cache') &&
      !this.denied;
    return isAllowed ? this.merged.get(`caching.max_age.${status}`) : undefined;
  }

  /** Whether browsers may prefetch the URL. */
  get prefetchable(): boolean {
    return (
      this.context.request.method === 'GET' &&
      !this.refusal &&
      this.merged.names('caching.max_age').length > 0 &&
      (this.merged.get<number>('caching.service_worker_max_age') ?? 0) > 0 &&
      !this.merged.is('caching.bypass_cache')
    );
  }

  get denied(): boolean {
    return this.merged.is('access.deny_access');
  }

  get urlRedirect(): Redirect | undefined {
    if (!this.early.values.has('url.url_redirect')) return undefined;
    this.redirects ??= { found: optional.findRedirect(this.context, this.early) };
    return this.redirects.found;
  }

  get redirect(): Redirect | undefined {
    if (this.denied) return undefined;
    if (this.urlRedirect) return this.urlRedirect;
    const status = this.setStatus;
    if (status === undefined || status < 300 || status >= 400) return undefined;
    const location = this.headers().get('location')?.join(', ');
    return location ? { status, location } : undefined;
  }

  private get setStatus(): number | undefined {
    const status = this.merged.get<number | Template>('response.set_status_code');
    if (typeof status === 'number' || status === undefined) return status;
    const text = typeof status === 'string' ? status : optional.expand(status, this.context);
    return /^[0-9]{3}$/.test(text) ? Number(text) : undefined;
  }

  /** The status code, or undefined if the origin's is not known. */
  get status(): number | undefined {
    if (this.refusal) return 400;
    if (this.denied) return 403;
    return this.urlRedirect?.status ?? this.setStatus ?? (this.isDone ? 200 : this.context.response?.status);
  }

  get isDone(): boolean {
    return this.merged.is('response.set_done');
  }

  /** The body that rules set, or undefined if they set none. */
  get body(): string | undefined {
    const body = this.merged.get<Template>('response.set_response_body');
    if (body === undefined || typeof body === 'string') return body;
    const seen = this.context.withResponse({ status: this.status ?? 0, headers: this.headers() });
    return optional.expand(body, this.context, seen);
  }

  storedHeaders(origin: Fields): Fields {
    return storedHeaders(this.context, this.merged.leaves, origin);
  }

  clientHeaders(stored: Fields): Fields {
    const location = this.denied ? undefined : this.urlRedirect?.location;
    return clientHeaders(this.context, this.merged, stored, location);
  }

  /** The headers of the response, as far as rules say. */
  headers(): Fields {
    if (this.refusal) return EMPTY;
    const isOwn = this.denied || this.urlRedirect || this.isDone;
    return this.clientHeaders(this.storedHeaders(isOwn ? EMPTY : (this.context.response?.headers ?? EMPTY)));
  }

  /** The headers for the origin: those of the client, changed by the rules. */
  requestHeaders(given: Fields): Fields {
    return requestHeaders(this.context, given, this.early.leaves);
  }
}
