import type { Trace } from '../edge/types.ts';
import { changed, type Fields, get, members } from '../http/fields.ts';
import { optional } from '../optional.ts';

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
optional.debugNames = (headers: Fields): string[] =>
  members((get(headers, 'x-ec-debug') ?? '').toLowerCase());

/** A response with the debug headers that the request asks for (E30). */
optional.withDebugHeaders = (response, wanted, trace) => {
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
};
