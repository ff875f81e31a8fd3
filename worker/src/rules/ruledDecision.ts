import { changed, type Fields } from '../http/fields.ts';
import { headersFor } from '../http/prefetches.ts';
import { splitClientParameters, withQuery } from '../http/target.ts';
import { optional } from '../optional.ts';
import { cacheKey, hasOptions } from './cacheKey.ts';
import type { Context } from './context.ts';
import type { SiteData, Template } from './data.ts';
import { Decision, type Made, OWN_PARAMETERS, type Shown } from './decision.ts';
import type { Merged } from './merged.ts';

export interface Redirect {
  readonly status: number;
  readonly location: string;
}

const EMPTY: Fields = new Map();
const OF_THE_BODY = {
  'content-length': null,
  'content-encoding': null,
  'content-range': null,
  etag: null,
  'last-modified': null,
  'accept-ranges': null,
};

/** The status that rules set; the default if they set none, or an interim one by a variable. */
const finalStatus = (ruled: number | undefined, byDefault: number): number =>
  ruled !== undefined && ruled >= 200 ? ruled : byDefault;

/** What rules say about one request; each part is worked out when it is first needed. */
export class RuledDecision extends Decision {
  private key: readonly string[] | undefined;
  private redirects: { readonly found: Redirect | undefined } | undefined;

  constructor(
    private readonly context: Context,
    merged: Merged,
    early: Merged,
    site: SiteData,
  ) {
    super(context.request, site, merged, early);
  }

  override get refusal(): string | undefined {
    return this.context.refusal;
  }

  override get line(): string | undefined {
    return this.merged.leaves.at(-1)?.data.line;
  }

  override get cacheKey(): readonly string[] {
    this.key ??= cacheKey(this.context, this.early);
    return this.key;
  }

  override get noVarySearch(): string {
    return hasOptions(this.early)
      ? optional.keyOptions.leftOut(this.early, OWN_PARAMETERS)
      : super.noVarySearch;
  }

  override get origin(): string | undefined {
    if (this.refusal) return undefined;
    return this.early.get<string>('origin.set_origin') ?? super.origin;
  }

  override get target(): string {
    return withQuery(this.context.sentPath, splitClientParameters(this.context.originQuery)[0]);
  }

  override ttl(status: number): number | undefined {
    const { method } = this.context.request;
    const methods = this.merged.get<string[]>('caching.enable_caching_for_methods') ?? [];
    const isAllowed =
      (method === 'GET' || method === 'HEAD' || methods.includes(method)) &&
      !this.merged.is('caching.bypass_cache') &&
      !this.denied;
    return isAllowed ? this.merged.get(`caching.max_age.${status}`) : undefined;
  }

  override get prefetchable(): boolean {
    return (
      this.context.request.method === 'GET' &&
      !this.refusal &&
      this.merged.names('caching.max_age').length > 0 &&
      (this.merged.get<number>('caching.service_worker_max_age') ?? 0) > 0 &&
      !this.merged.is('caching.bypass_cache')
    );
  }

  override get denied(): boolean {
    return this.merged.is('access.deny_access');
  }

  private get urlRedirect(): Redirect | undefined {
    if (!this.early.values.has('url.url_redirect')) return undefined;
    this.redirects ??= { found: optional.findRedirect(this.context, this.early) };
    return this.redirects.found;
  }

  private get redirect(): Redirect | undefined {
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
  private get status(): number | undefined {
    if (this.refusal) return 400;
    if (this.denied) return 403;
    return this.urlRedirect?.status ?? this.setStatus ?? (this.isDone ? 200 : this.context.response?.status);
  }

  private get isDone(): boolean {
    return this.merged.is('response.set_done');
  }

  /** The body that rules set, or undefined if they set none. */
  private get body(): string | undefined {
    const body = this.merged.get<Template>('response.set_response_body');
    if (body === undefined || typeof body === 'string') return body;
    const seen = this.context.withResponse({ status: this.status ?? 0, headers: this.headers() });
    return optional.expand(body, this.context, seen);
  }

  override storedHeaders(origin: Fields): Fields {
    const own = this.merged.leaves.filter((leaf) => leaf.changesStored);
    if (!own.length) return origin;
    const headers: Fields = new Map(origin);
    for (const leaf of own) optional.changeHeaders(headers, leaf, this.context, 'origin_');
    return headers;
  }

  private clientHeaders(stored: Fields): Fields {
    const { merged } = this;
    const headers: Fields = new Map(stored);
    if (merged.values.has('caching.bypass_client_cache') || merged.values.has('caching.client_max_age'))
      optional.clientCaching(headers, merged);
    const lifetime = merged.get<number>('caching.service_worker_max_age');
    if (lifetime !== undefined) headers.set('x-sw-cache-control', [`max-age=${lifetime}`]);
    for (const leaf of merged.leaves)
      if (leaf.changesResponse) optional.changeHeaders(headers, leaf, this.context, '');
    const location = this.denied ? undefined : this.urlRedirect?.location;
    return location === undefined ? headers : changed(headers, { location });
  }

  /** The headers of the response, as far as rules say. */
  private headers(): Fields {
    if (this.refusal) return EMPTY;
    const isOwn = this.denied || this.urlRedirect || this.isDone;
    return this.clientHeaders(this.storedHeaders(isOwn ? EMPTY : (this.context.response?.headers ?? EMPTY)));
  }

  override get made(): Made | undefined {
    if (this.denied) {
      const headers = changed(this.headers(), { 'content-type': 'text/plain', 'x-sw-cache-control': null });
      return { status: 403, headers, body: 'Forbidden\n' };
    }
    const { redirect } = this;
    if (redirect) return { status: redirect.status, headers: this.headers(), body: '' };
    if (!this.isDone) return undefined;
    const status = finalStatus(this.status, 200);
    return { status, headers: headersFor(status, this.headers()), body: this.body ?? '' };
  }

  override shown(given: number, stored: Fields): Shown {
    const made = this.denied || this.isDone ? this.made : undefined;
    if (made) return { ...made, sendsAge: false };
    const { body } = this;
    const status = finalStatus(this.status, given);
    const own = this.clientHeaders(stored);
    const headers = headersFor(status, body === undefined ? own : changed(own, OF_THE_BODY));
    const sendsAge = this.merged.get('headers.age_response_header') !== false;
    return { status, headers, sendsAge, ...(body !== undefined && { body }) };
  }

  override requestHeaders(given: Fields): Fields {
    const headers = super.requestHeaders(given);
    for (const leaf of this.early.leaves)
      if (leaf.changesRequest) optional.changeRequest(headers, leaf, this.context);
    return headers;
  }
}
