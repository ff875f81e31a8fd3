import type { EdgeResponse } from '../edge/types.ts';
import type { Fields } from '../http/fields.ts';
import type { Data } from '../rules/data.ts';

/** Where a purge is sent, as to the pages of the embedded edge. */
export const PURGE_PATH = '/__edgio__/purge';
const MOST_BODY = 1024 * 1024;
const MOST_NAMED = 1000;

/** A request to purge, from this machine. */
export interface PurgeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Fields;
  readonly body: string;
}

/** What a purge reaches of an edge. */
interface Purged {
  addressOf(host: string, target: string): string | EdgeResponse;
  addresses(): string[];
  forget(address?: string): void;
}

interface Stored {
  addresses(): string[];
  purge(tags: ReadonlySet<string>, addresses: ReadonlySet<string>): number;
}

interface Wanted {
  readonly all?: true;
  readonly tags?: readonly string[];
  readonly urls?: readonly string[];
}

type Answer = readonly [status: number, body: { purged: number } | { error: string }];

const refused = (status: number, error: string): Answer => [status, { error }];

/** Why a request may not purge, or undefined if it may: proxies and pages of other sites may not. */
function fault({ method, path, headers, body }: PurgeRequest, data: Data): Answer | undefined {
  const [names, starts] = data.spoofable;
  const isOfProxy = (name: string) =>
    name === 'via' || names.includes(name) || starts.some((start) => name.startsWith(start));
  const host = headers.get('host')?.[0] ?? '';
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?$/i.test(host))
    return refused(403, 'a purge is for names of this machine, such as localhost');
  if ([...headers.keys()].some(isOfProxy)) return refused(403, 'a purge does not come through a proxy');
  if (headers.has('origin') || headers.has('sec-fetch-site'))
    return refused(403, 'a purge does not come from a page');
  if (path !== PURGE_PATH) return refused(404, `a purge is a POST to ${PURGE_PATH}`);
  if (method !== 'POST') return refused(405, 'a purge is a POST');
  if (!/^application\/json[ \t]*(?:;|$)/i.test(headers.get('content-type')?.[0] ?? ''))
    return refused(415, 'a purge has the type application/json');
  return body.length > MOST_BODY ? refused(400, `the body is larger than ${MOST_BODY} bytes`) : undefined;
}

/** What a body says, or what is wrong with it. */
function wantedBy(body: string): Wanted | string {
  let found: unknown;
  try {
    found = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  const names = found && typeof found === 'object' && !Array.isArray(found) ? Object.keys(found) : [];
  if (!names.length || names.some((name) => !/^(?:all|tags|urls)$/.test(name)))
    return 'expected {"tags": [...], "urls": [...]} or {"all": true}';
  const wanted = found as Wanted;
  if ('all' in wanted) return names.length === 1 && wanted.all === true ? wanted : '"all" is true, and alone';
  for (const [name, texts] of Object.entries(wanted) as [string, unknown][]) {
    if (!Array.isArray(texts) || !texts.every((text) => text && typeof text === 'string'))
      return `"${name}" is not a list of texts`;
    if (texts.length > MOST_NAMED) return `"${name}" has more than ${MOST_NAMED} texts`;
  }
  return wanted;
}

/** The addresses of a URL; of a path, those on each host. Or why it cannot be purged. */
function addressesOf(url: string, edge: Purged, store: Stored, data: Data): string[] | string {
  const [, host, target] = /^(?:https?:\/\/([^/?#]+))?([^#]*)/i.exec(url) ?? [];
  const path = target?.replace(/^(?=\?|$)/, '/') ?? '';
  if (!path.startsWith('/')) return `"${url}" is not a URL; expected one such as "/products/2"`;
  const known = [...store.addresses(), ...edge.addresses()].map((address) => address.split('/', 1)[0] ?? '');
  const hosts = host === undefined ? new Set([data.site.host ?? 'localhost', ...known]) : [host];
  const found = Array.from(hosts, (one) => edge.addressOf(one, path));
  const refusal = found.find((one) => typeof one !== 'string');
  if (refusal) return `"${url}": ${new TextDecoder().decode(refusal.body as Uint8Array).trim()}`;
  return found as string[];
}

/** Remove stored responses as a request says, and return how many there were (E38). */
export function purge(request: PurgeRequest, edge: Purged, store: Stored, data: Data): Answer {
  const problem = fault(request, data);
  if (problem) return problem;
  const wanted = wantedBy(request.body);
  if (typeof wanted === 'string') return refused(400, wanted);
  const { all, tags = [], urls = [] } = wanted;
  const addresses = new Set(all ? store.addresses() : []);
  for (const url of urls) {
    const found = addressesOf(url, edge, store, data);
    if (typeof found === 'string') return refused(400, found);
    for (const address of found) addresses.add(address);
  }
  // The tags of what is in flight are known only once its response has arrived.
  if (all || tags.length) edge.forget();
  for (const address of addresses) edge.forget(address);
  return [200, { purged: store.purge(new Set(tags), addresses) }];
}
