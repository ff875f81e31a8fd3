import { get } from '../http/fields.ts';
import type { EdgeRequest } from '../rules/context.ts';
import type { EdgeResponse, Trace } from './types.ts';

/**
 * The line of a request, as JSON: without queries and most headers, which may hold secrets.
 *
 * The names are those of `prefetchrouter serve --access-log-format json`.
 */
export function logLine(
  request: Pick<EdgeRequest, 'method' | 'scheme' | 'host' | 'path' | 'headers' | 'visitor'>,
  response: EdgeResponse,
  trace: Trace,
  [began, ended]: readonly [number, number],
): string {
  return JSON.stringify({
    time: new Date(began * 1000).toISOString(),
    method: request.method,
    url: `${request.scheme}://${request.host}${request.path}`,
    client: request.visitor.client,
    status: response.status,
    cache: trace.cache,
    reason: trace.reason,
    prefetch: trace.prefetch ?? null,
    ttl: trace.ttl ?? null,
    age: trace.age ?? null,
    origin: trace.calls,
    rules: trace.line === undefined ? [] : [trace.line],
    seconds: Math.max(0, ended - began),
    sec_purpose: get(request.headers, 'sec-purpose') ?? null,
    referer: get(request.headers, 'referer')?.replace(/[?#].*/, '') ?? null,
    user_agent: get(request.headers, 'user-agent') ?? null,
  });
}
