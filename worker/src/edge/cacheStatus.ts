import { changed, type Fields, get, members } from '../http/fields.ts';
import { isList, quoted } from '../http/structured.ts';
import type { EdgeResponse, Trace } from './types.ts';

const FORWARDED = new Set(['stale-error', 'revalidated', 'miss', 'coalesced', 'pass']);

function parameters(trace: Trace, status: number): string[] | undefined {
  const ttl = trace.ttl === undefined ? [] : [`ttl=${Math.floor(trace.ttl)}`];
  const isHit = trace.cache === 'hit' || trace.cache === 'stale';
  if (isHit || (trace.cache === 'stale-error' && !trace.calls.length)) return ['hit', ...ttl];
  if (!FORWARDED.has(trace.cache)) return undefined;
  const own = trace.cache === 'revalidated' ? 304 : trace.originStatus;
  return [
    `fwd=${trace.forward ?? 'miss'}`,
    ...(own !== undefined && own !== status ? [`fwd-status=${own}`] : []),
    ...ttl,
    ...(trace.isStored ? ['stored'] : []),
    ...(trace.isCollapsed ? ['collapsed'] : []),
  ];
}

/** A response with its Cache-Status, after those of caches closer to the origin (RFC 9211, section 2). */
export function withCacheStatus(response: EdgeResponse, trace: Trace, isDetailed: boolean): EdgeResponse {
  const found = parameters(trace, response.status);
  if (!found) return response;
  if (isDetailed && trace.key !== undefined) found.push(`key=${quoted(trace.key)}`);
  if (isDetailed && trace.line !== undefined) found.push(`detail=${quoted(trace.line)}`);
  const before = get(response.headers, 'cache-status');
  const own = ['prefetchrouter', ...found].join(';');
  const text = before && isList(before) ? `${before}, ${own}` : own;
  return { ...response, headers: changed(response.headers, { 'cache-status': text }) };
}

const DEBUG: Partial<Record<Trace['cache'], string>> = {
  hit: 'TCP_HIT',
  stale: 'TCP_EXPIRED_HIT',
  'stale-error': 'TCP_EXPIRED_HIT',
  revalidated: 'TCP_REFRESH_HIT',
  miss: 'TCP_MISS',
  coalesced: 'TCP_PARTIAL_HIT',
  pass: 'CONFIG_NOCACHE',
  refused: 'TCP_MISS',
};

/** The names that a request lists in `x-ec-debug`. */
export const debugNames = (headers: Fields): string[] =>
  members((get(headers, 'x-ec-debug') ?? '').toLowerCase());

/** A response with the debug headers that the request asks for (E30). */
export function withDebugHeaders(
  response: EdgeResponse,
  wanted: readonly string[],
  trace: Trace,
): EdgeResponse {
  const { cache, key, ttl, age } = trace;
  const status = DEBUG[cache] ?? 'NONE';
  const isCacheable = status !== 'NONE' && cache !== 'pass' && cache !== 'refused';
  const all: Record<string, string> = {
    'x-ec-cache': status,
    'x-ec-cache-remote': status,
    'x-ec-check-cacheable': isCacheable ? 'YES' : 'NO',
  };
  if (key !== undefined) all['x-ec-cache-key'] = key;
  if (ttl !== undefined && age !== undefined) {
    const [lifetime, old, left] = [ttl + age, age, ttl].map(Math.trunc);
    all['x-ec-cache-state'] = `max-age=${lifetime}; cache-age=${old}; remaining-ttl=${left}`;
  }
  const sent = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
  return { ...response, headers: changed(response.headers, sent) };
}
