/** What the edge has served, as its own page of requests tells it. */
export interface Told {
  number: number;
  /** In ISO form, with milliseconds. */
  time: string;
  method: string;
  url: string;
  status: number;
  cache: string;
  prefetch: 'hit' | 'refused' | 'fetched' | 'synthetic' | null;
  /** How it announced a prefetch that is not by this project's scripts. */
  foreign_prefetch?: 'prefetch' | 'prerender' | 'preview' | null;
}

interface Served extends Told {
  /** Path and query without the parameters of prefetching: what the visitor is to get. */
  target: string;
  /** Sent by a prefetch, whether it was for copies only or not. */
  isPrefetch: boolean;
}

const OWN_PARAMETER = /^(?:pref_)?edgio_/;

export class Log {
  /** In the order in which they ended, without those for the edge's own files and for the icon. */
  readonly requests: Served[];
  /** Those for the edge's own files, by path. */
  readonly own: string[];

  constructor(told: Told[]) {
    this.own = told.filter(({ cache }) => cache === 'internal').map(({ url }) => new URL(url).pathname);
    this.requests = told
      .filter(({ cache }) => cache !== 'internal')
      .map(served)
      .filter(({ target }) => target !== '/favicon.ico');
  }

  get prefetches(): Served[] {
    return this.requests.filter(({ isPrefetch }) => isPrefetch);
  }

  /** The targets that were prefetched, sorted, each as often as it was. */
  get prefetched(): string[] {
    return this.prefetches.map(({ target }) => target).sort();
  }

  /** The statuses that the prefetches of each target got. */
  get outcomes(): Record<string, number[]> {
    const outcomes: Record<string, number[]> = {};
    for (const { target, status } of this.prefetches) {
      outcomes[target] = [...(outcomes[target] ?? []), status];
    }
    return outcomes;
  }

  /** The statuses that prefetches by the browser itself got, by how they announced themselves. */
  foreign(target: string): [string, number][] {
    return this.requests.flatMap((request) =>
      request.target === target && request.foreign_prefetch
        ? [[request.foreign_prefetch, request.status] as [string, number]]
        : [],
    );
  }

  /** Requests for a target that no prefetch made. */
  visits(target: string): Served[] {
    return this.requests.filter((request) => request.target === target && !request.isPrefetch);
  }
}

function served(told: Told): Served {
  const { pathname, search } = new URL(told.url);
  const parameters = search.slice(1).split('&').filter(Boolean);
  const kept = parameters.filter((parameter) => !OWN_PARAMETER.test(parameter));
  return {
    ...told,
    target: kept.length ? `${pathname}?${kept.join('&')}` : pathname,
    isPrefetch: parameters.includes('edgio_dt_pf=1'),
  };
}
