import { closeBody } from '../cache/buffer.ts';
import { isRepeatable } from '../edge/origins.ts';
import { OriginError } from '../edge/types.ts';
import { optional } from '../optional.ts';
import type { HostData } from '../rules/data.ts';

/** How long a failed host is tried after all others. */
const REST_SECONDS = 5;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** The first host gets a request, and the next one if it fails; with `turns`, each request begins with another. */
optional.failover = (now, send) => {
  const rests = new Map<HostData, number>();
  const isResting = (host: HostData) => Number((rests.get(host) ?? 0) > now());
  let turn = 0;
  return async (hosts, turns, wanted) => {
    const first = turns ? turn++ % hosts.length : 0;
    const turned = [...hosts.slice(first), ...hosts.slice(0, first)];
    turned.sort((one, other) => isResting(one) - isResting(other));
    for (const [at, host] of turned.entries()) {
      const mayFailOver = isRepeatable(wanted) && at + 1 < hosts.length;
      try {
        const response = await send(host, wanted);
        rests.delete(host);
        if (!mayFailOver || !wanted.failover.includes(response.status)) return response;
        closeBody(response.body);
      } catch (error) {
        rests.set(host, now() + REST_SECONDS);
        if (!mayFailOver || !IDEMPOTENT.has(wanted.method)) throw error;
      }
    }
    throw new OriginError('unreachable', 'no host is left');
  };
};
