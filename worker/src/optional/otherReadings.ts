import { parameterName, parameterValue, queryForRules, withQuery } from '../http/target.ts';
import type { Context } from '../rules/context.ts';
import { KINDS, type Read } from '../rules/readings.ts';

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

const factOf = ({ request }: Context, name: string): string | undefined =>
  request.visitor.facts?.[name] ?? request.facts?.[name];

const uriOf: Read = ({ uri, request }) => withQuery(uri, request.query);

Object.assign(KINDS, {
  'origin-path': (context) => context.originPath,
  'file-name': fileName,
  extension: (context) => /\.([^.]*)$/.exec(fileName(context))?.[1] ?? '',
  directory: ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))),
  uri: (context) => context.uri,
  'origin-uri': (context) => context.originUri,
  'request-uri': uriOf,
  'request-line': (context) => `${context.request.method} ${uriOf(context)} HTTP/1.1`,
  protocol: () => 'HTTP/1.1',
  scheme: ({ request }) => request.scheme,
  'upper-scheme': ({ request }) => request.scheme.toUpperCase(),
  host: (context) => context.header('host')?.replace(/:[0-9]+$/, ''),
  'host-and-port': (context) => context.header('host'),
  query: ({ request }) => request.query,
  'is-args': ({ request }) => (request.query ? '?' : ''),
  'is-amp': ({ request }) => (request.query ? '&' : ''),
  'rule-query': ({ request }) => queryForRules(request.query),
  'rule-origin-query': (context) => queryForRules(context.originQuery),
  'encoded-parameter': encodedParameter,
  'header-like': (context, name) => like(context.headers.keys(), name, (key) => context.header(key)),
  'cookie-like': (context, name) => like(context.cookies.keys(), name, (key) => context.cookies.get(key)),
  'referring-domain': referringDomain,
  'client-address': ({ request }) => request.visitor.client,
  random: (context, name) => context.random(Number(name)),
  status: ({ response }) => response && String(response.status),
  'content-length': (context) => context.responseHeader('content-length'),
  'response-header-like': (context, name) =>
    like(context.response?.headers.keys() ?? [], name, (key) => context.responseHeader(key)),
  fact: (context, name) => factOf(context, name),
  platform: (context, name) => factOf(context, `platform.${name}`),
} satisfies typeof KINDS);
