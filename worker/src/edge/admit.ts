import { type Fields, trim } from '../http/fields.ts';
import { canonicalTarget, withoutUsualPort } from '../http/target.ts';
import type { EdgeRequest, Visitor } from '../rules/context.ts';
import type { SiteData } from '../rules/data.ts';
import { plain } from './synthetic.ts';
import type { Body, EdgeResponse } from './types.ts';

/** A request as a platform has it. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they are on the wire, if the platform gives it. */
  readonly target: string;
  readonly headers: Fields;
  readonly body: Body;
  readonly visitor: Visitor;
  readonly version?: string;
}

const MOST_HEADER_BYTES = 64 * 1024;
const MOST_HEADERS = 256;
const MOST_BODY_BYTES = 100 * 1024 * 1024;
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{0,5})?$/;

export const refusal = (status: number, reason: string): EdgeResponse => plain(status, `${status} ${reason}`);

const isLocal = (name: string): boolean =>
  /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:127\..*\])$/.test(name);

const isServed = (name: string, known: string): boolean =>
  name === known ||
  (known.startsWith('*.') && name.endsWith(known.slice(1)) && name.length > known.length - 1);

/** The host that rules see; undefined for an invalid one, empty for one of another site. */
function hostFor(text: string, site: SiteData): string | undefined {
  const host = trim(text).toLowerCase();
  const port = /:([0-9]*)$/.exec(host)?.[1] ?? '';
  if (!HOST.test(host) || host.length > 300 || Number(port) > 65535) return undefined;
  const name = host.replace(/:[0-9]*$/, '').replace(/\.$/, '');
  const whole = withoutUsualPort(port ? `${name}:${port}` : name, site.scheme);
  const own = site.host;
  if (own !== undefined && (isLocal(name) || name === own.replace(/:[0-9]+$/, ''))) return own;
  const names = Object.keys(site.hostnames ?? {});
  if (!names.length) return whole;
  if (names.some((known) => isServed(name, known))) return name;
  return isLocal(name) ? whole : '';
}

/** Why the body of a request is refused, or undefined if it is not. */
function bodyFault(fields: Fields): EdgeResponse | undefined {
  const lengths = fields.get('content-length') ?? [];
  const codings = fields.get('transfer-encoding') ?? [];
  if (lengths.length && codings.length)
    return refusal(400, 'both Content-Length and Transfer-Encoding are present');
  if (lengths.length > 1 || lengths.some((length) => !/^[0-9]{1,18}$/.test(trim(length))))
    return refusal(400, 'invalid Content-Length');
  if (Number(lengths[0] ?? 0) > MOST_BODY_BYTES)
    return refusal(413, `the request body is larger than ${MOST_BODY_BYTES} bytes`);
  return undefined;
}

/** Why the head of a request is refused (E2), or undefined if it is not. */
function headFault({ method, target }: RawRequest, fields: Fields): EdgeResponse | undefined {
  if (!/^[A-Z0-9!#$%&'*+.^_`|~-]+$/.test(method)) return refusal(400, 'invalid method');
  if (method === 'CONNECT' || method === 'TRACE') return refusal(501, `${method} is not supported`);
  let count = 0;
  let size = method.length + target.length + 14;
  for (const [name, values] of fields)
    for (const value of values) {
      count++;
      size += name.length + value.length + 4;
    }
  if (count > MOST_HEADERS) return refusal(431, `more than ${MOST_HEADERS} header fields`);
  if (size > MOST_HEADER_BYTES)
    return refusal(431, `the request head is larger than ${MOST_HEADER_BYTES} bytes`);
  if (fields.get('upgrade')?.join().toLowerCase().includes('websocket'))
    return refusal(501, 'WebSocket connections are not supported; connect to the origin itself');
  return bodyFault(fields);
}

/** The request as rules see it, or the response to one that is refused (E1, E2). */
export function admitted(raw: RawRequest, site: SiteData): EdgeRequest | EdgeResponse {
  const fields = raw.headers;
  const fault = headFault(raw, fields);
  if (fault) return fault;
  const hosts = fields.get('host') ?? [];
  if (hosts.length > 1) return refusal(400, 'more than one Host header');
  const absolute = /^https?:\/\/([^/?#@]+)(\/[^#]*|\?[^#]*)?$/i.exec(raw.target);
  const isOld = raw.version === '1.0' && !hosts[0];
  const given = hosts[0] ?? (isOld ? (absolute?.[1] ?? site.host ?? 'localhost') : undefined);
  if (given === undefined) return refusal(400, 'missing Host header');
  const host = hostFor(given, site);
  if (host === undefined) return refusal(400, 'invalid Host header');
  if (!host) return refusal(421, `${trim(given).toLowerCase()} is not a hostname of this site`);
  const isSame = absolute && absolute[1]?.toLowerCase() === trim(given).toLowerCase();
  const written = isSame ? (absolute[2] ?? '/').replace(/^\?/, '/?') : raw.target;
  const at = written.indexOf('?');
  const target = canonicalTarget(
    at < 0 ? written : written.slice(0, at),
    at < 0 ? '' : written.slice(at + 1),
  );
  if (typeof target === 'string') return refusal(400, target);
  fields.set('host', [host]);
  const { method, body, visitor } = raw;
  const { scheme, facts } = site;
  const { path, query } = target;
  return { method, scheme, host, path, query, headers: fields, visitor, body, facts, drawn: new Map() };
}
