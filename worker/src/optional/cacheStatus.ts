import type { Trace } from '../edge/types.ts';
import { changed, get } from '../http/fields.ts';
import { isList, quoted } from '../http/structured.ts';
import { optional } from '../optional.ts';

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
optional.withCacheStatus = (response, trace, isDetailed) => {
  const found = parameters(trace, response.status);
  if (!found) return response;
  if (isDetailed && trace.key !== undefined) found.push(`key=${quoted(trace.key)}`);
  if (isDetailed && trace.line !== undefined) found.push(`detail=${quoted(trace.line)}`);
  const before = get(response.headers, 'cache-status');
  const own = ['prefetchrouter', ...found].join(';');
  const text = before && isList(before) ? `${before}, ${own}` : own;
  return { ...response, headers: changed(response.headers, { 'cache-status': text }) };
};
