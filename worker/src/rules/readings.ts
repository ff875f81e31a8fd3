import { parameterName, parameterValue, queryForRules, withQuery } from '../http/target.ts';
import type { Context } from './context.ts';
import type { Reading } from './data.ts';

export type Read = (context: Context) => string | undefined;

const normalized = (name: string): string => name.toLowerCase().replace(/[^a-z0-9_]/g, '_');

/** The value of this name, or of the first that is this once all but letters and digits is an underscore. */
function like(
  names: Iterable<string>,
  wanted: string,
  read: (name: string) => string | undefined,
): string | undefined {
  const all = [...names];
  const found = all.includes(wanted) ? wanted : all.find((name) => normalized(name) === wanted);
  return found === undefined ? undefined : read(found);
}

function referringDomain(context: Context): string | undefined {
  const referer = context.header('referer') ?? '';
  const found = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^/?#:]*)/i.exec(referer)?.[1];
  return found?.replace(/^\[|\]$/g, '').toLowerCase() || undefined;
}

function encodedParameter(context: Context, name: string): string | undefined {
  const parts = context.request.query.split('&');
  const part = (key: string) => parts.find((one) => parameterName(one) === key) ?? '';
  return like(parts.map(parameterName), name, (key) => parameterValue(part(key)));
}

const fileName = (context: Context): string => context.path.slice(context.path.lastIndexOf('/') + 1);

const uriOf: Read = ({ uri, request }) => withQuery(uri, request.query);

/** What is read by each kind; docs of `prefetchrouter.lowering.readings` say what each of them gives. */
const KINDS: Record<string, (context: Context, name: string) => string | undefined> = {
  path: (context) => context.path,
  'origin-path': (context) => context.originPath,
  'file-name': fileName,
  extension: (context) => /\.([^.]*)$/.exec(fileName(context))?.[1] ?? '',
  directory: ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))),
  uri: (context) => context.uri,
  'origin-uri': (context) => context.originUri,
  'request-uri': uriOf,
  'request-line': (context) => `${context.request.method} ${uriOf(context)} HTTP/1.1`,
  protocol: () => 'HTTP/1.1',
  method: ({ request }) => request.method,
  scheme: ({ request }) => request.scheme,
  'upper-scheme': ({ request }) => request.scheme.toUpperCase(),
  host: (context) => context.header('host')?.replace(/:[0-9]+$/, ''),
  'host-and-port': (context) => context.header('host'),
  query: ({ request }) => request.query,
  'is-args': ({ request }) => (request.query ? '?' : ''),
  'is-amp': ({ request }) => (request.query ? '&' : ''),
  'rule-query': ({ request }) => queryForRules(request.query),
  'rule-origin-query': (context) => queryForRules(context.originQuery),
  parameter: (context, name) => context.parameter(name),
  'encoded-parameter': encodedParameter,
  header: (context, name) => context.header(name),
  'header-like': (context, name) => like(context.headers.keys(), name, (key) => context.header(key)),
  cookie: (context, name) => context.cookies.get(name),
  'cookie-like': (context, name) => like(context.cookies.keys(), name, (key) => context.cookies.get(key)),
  'referring-domain': referringDomain,
  'client-address': ({ request }) => request.client,
  random: (context, name) => context.random(Number(name)),
  status: ({ response }) => response && String(response.status),
  'content-length': (context) => context.responseHeader('content-length'),
  'response-header-like': (context, name) =>
    like(context.response?.headers.keys() ?? [], name, (key) => context.responseHeader(key)),
  fact: (context, name) => context.request.facts[name],
  platform: (context, name) => context.request.facts[`platform.${name}`],
};

const LATE = /^(?:status|content-length|response-header-like|cache-status)(?: |$)/;

/** Whether a reading is known only once there is a response. */
export const isLate = (reading: Reading): boolean =>
  typeof reading === 'string'
    ? LATE.test(reading)
    : LATE.test(reading[0]) || (reading[2] !== null && isLate(reading[2]));

function plain(reading: string): Read {
  const at = reading.indexOf(' ');
  const kind = KINDS[at < 0 ? reading : reading.slice(0, at)];
  const name = at < 0 ? '' : reading.slice(at + 1);
  return (context) => kind?.(context, name);
}

const known = new Map<string, Read>();

/** How something is read of a request: by a kind and a name, perhaps with what is put around it. */
export function reader(reading: Reading): Read {
  if (typeof reading !== 'string') {
    const [kind, missing, otherwise, before, empty] = reading;
    const own = plain(kind);
    const other = otherwise === null ? undefined : reader(otherwise);
    return (context) => {
      const found = own(context);
      if (found !== undefined && found !== empty) return before + found;
      return other?.(context) ?? missing ?? undefined;
    };
  }
  let found = known.get(reading);
  if (!found) {
    found = plain(reading);
    known.set(reading, found);
  }
  return found;
}
