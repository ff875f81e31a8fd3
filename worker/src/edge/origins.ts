import { closeBody } from '../cache/buffer.ts';
import { changed, endToEnd } from '../http/fields.ts';
import { optional } from '../optional.ts';
import type { OriginData } from '../rules/data.ts';
import { type Body, OriginError, type OriginRequest, type OriginResponse, type Platform } from './types.ts';

/** How long a failed host is tried after all others. */
const REST_SECONDS = 5;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** A request to an origin whose host is still to be chosen. */
export interface Wanted {
  readonly scheme: string;
  readonly target: string;
  readonly method: string;
  readonly headers: OriginRequest['headers'];
  readonly body: Body;
  readonly failover: readonly number[];
  /** How long the body of the response may pause, in seconds. */
  readonly silence?: number | undefined;
}

/** The URL of an option: scheme, host and perhaps port. */
function ofUrl(text: string): OriginData {
  const url = new URL(text);
  const port = url.port ? { port: Number(url.port) } : {};
  return { hosts: [{ scheme: url.protocol.slice(0, -1), name: url.hostname, ...port }] };
}

/** All origins of a site by name, with failover and retries. */
export class Origins {
  private readonly named = new Map<string, OriginData>();
  private readonly unnamed: OriginData | undefined;
  private readonly rests = new Map<object, number>();
  private turn = 0;

  constructor(
    data: Readonly<Record<string, OriginData>>,
    private readonly answerSeconds: number,
    private readonly platform: Platform,
  ) {
    const given = Object.entries(platform.origins ?? {});
    for (const [name, origin] of Object.entries(data)) this.named.set(name, origin);
    for (const [name, text] of given) this.named.set(name, ofUrl(text));
    const names = given.map(([name]) => name).filter(Boolean);
    const all = [...this.named.keys()];
    this.unnamed = this.named.get((names.length === 1 ? names : all.length === 1 ? all : ['']).at(0) ?? '');
  }

  private find(name: string | undefined): OriginData {
    const byDefault = this.named.get('');
    const found = name === undefined ? (byDefault ?? this.unnamed) : (this.named.get(name) ?? byDefault);
    if (found?.hosts.length) return found;
    throw new OriginError('unknown', `nothing says where the origin ${JSON.stringify(name ?? 'default')} is`);
  }

  /** The response of an origin, after retries. */
  async fetch(name: string | undefined, wanted: Wanted): Promise<OriginResponse> {
    const origin = this.find(name);
    const { retry } = origin;
    const response = await this.ask(origin, wanted);
    if (!retry || !(wanted.body === null || wanted.body instanceof Uint8Array)) return response;
    return optional.retried(retry, response, this.platform.now, () => this.ask(origin, wanted));
  }

  /** The response of the first host that gives one. */
  private async ask(origin: OriginData, wanted: Wanted): Promise<OriginResponse> {
    const hosts = this.order(origin);
    const isRepeatable = wanted.body === null || wanted.body instanceof Uint8Array;
    for (const [at, host] of hosts.entries()) {
      const mayFailOver = isRepeatable && at + 1 < hosts.length;
      const scheme = host.scheme === 'match' ? wanted.scheme : host.scheme;
      const port = host.port === undefined ? '' : `:${host.port}`;
      try {
        const received = await this.platform.send({
          url: `${scheme}://${host.name}${port}${wanted.target}`,
          method: wanted.method,
          headers: host.header ? changed(wanted.headers, { host: host.header }) : wanted.headers,
          body: wanted.body,
          bind: host.bind,
          answerSeconds: this.answerSeconds,
        });
        this.rests.delete(host);
        const body =
          wanted.silence === undefined ? received.body : optional.impatient(received.body, wanted.silence);
        const response = { ...received, headers: endToEnd(received.headers), body };
        if (!mayFailOver || !wanted.failover.includes(response.status)) return response;
        closeBody(response.body);
      } catch (error) {
        this.rests.set(host, this.platform.now() + REST_SECONDS);
        if (!mayFailOver || !IDEMPOTENT.has(wanted.method)) throw failure(error, host.name);
      }
    }
    throw new OriginError('unreachable', 'no host is left');
  }

  private order({ hosts, turns }: OriginData): OriginData['hosts'] {
    if (hosts.length < 2) return hosts;
    const first = this.turn % hosts.length;
    if (turns) this.turn++;
    const turned = turns ? [...hosts.slice(first), ...hosts.slice(0, first)] : [...hosts];
    const isResting = (host: object) => Number((this.rests.get(host) ?? 0) > this.platform.now());
    return turned.sort((one, other) => isResting(one) - isResting(other));
  }
}

function failure(error: unknown, host: string): OriginError {
  if (error instanceof OriginError) return error;
  const isLate = (error as Error | undefined)?.name === 'TimeoutError';
  return isLate
    ? new OriginError('timeout', `${host} gave no response in time`)
    : new OriginError('unreachable', `${host} cannot be reached`);
}
