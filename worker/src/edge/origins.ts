import { changed, endToEnd } from '../http/fields.ts';
import { type FailOver, optional } from '../optional.ts';
import type { HostData, OriginData } from '../rules/data.ts';
import { type Body, OriginError, type OriginRequest, type OriginResponse, type Platform } from './types.ts';

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

/** Whether a request can be sent again: its body has not been read while it was sent. */
export const isRepeatable = ({ body }: Wanted): boolean => body === null || body instanceof Uint8Array;

/** The URL of an option: scheme, host and perhaps port. */
function ofUrl(text: string): OriginData {
  const url = new URL(text);
  const port = url.port ? { port: Number(url.port) } : {};
  return { hosts: [{ scheme: url.protocol.slice(0, -1), name: url.hostname, ...port }] };
}

/** All origins of a site by name, with failover and retries where they have them. */
export class Origins {
  private readonly named = new Map<string, OriginData>();
  private readonly unnamed: OriginData | undefined;
  private failover: FailOver | undefined;

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
    if (!retry || !isRepeatable(wanted)) return response;
    return optional.retried(retry, response, this.platform.now, () => this.ask(origin, wanted));
  }

  private ask({ hosts, turns }: OriginData, wanted: Wanted): Promise<OriginResponse> {
    const [only] = hosts;
    if (only && hosts.length === 1) return this.send(only, wanted);
    this.failover ??= optional.failover(this.platform.now, (host, own) => this.send(host, own));
    return this.failover(hosts, Boolean(turns), wanted);
  }

  /** The response of one host. */
  private async send(host: HostData, wanted: Wanted): Promise<OriginResponse> {
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
      const body =
        wanted.silence === undefined ? received.body : optional.impatient(received.body, wanted.silence);
      return { ...received, headers: endToEnd(received.headers), body };
    } catch (error) {
      throw failure(error, host.name);
    }
  }
}

function failure(error: unknown, host: string): OriginError {
  if (error instanceof OriginError) return error;
  const isLate = (error as Error | undefined)?.name === 'TimeoutError';
  return isLate
    ? new OriginError('timeout', `${host} gave no response in time`)
    : new OriginError('unreachable', `${host} cannot be reached`);
}
