import type { Browser } from 'puppeteer-core';
import type { Client } from '../support/builds';
import { withInstall } from '../support/pages';
import { type VisitOptions, visitSite } from '../support/session';
import type { Site } from '../support/site';
import type { Visit } from '../support/visit';

/** One numbered fault of the published client: what to look at, what is right, what that client does. */
export interface Fault {
  number: string;
  promise: string;
  observe: (stage: Stage) => Promise<unknown>;
  right: unknown;
  /** What the published client does; left out where its script tag cannot get there. */
  published?: unknown;
}

/** A link that every client can prefetch; it comes last, so that all others had their turn. */
export const LAST = '<a href="/pages/last">last</a>';

/** Where a fault is observed: a browser and a client. */
export class Stage {
  constructor(
    readonly browser: Browser,
    readonly client: Client,
  ) {}

  /** A site whose start page has the install script, visited. */
  async start(
    body: string,
    { tag = '', before, path = '/', ...site }: StageOptions = {},
  ): Promise<{ site: Site; tab: Visit }> {
    const pages = { ...site.pages, [path]: withInstall(body, tag) };
    return visitSite(this.browser, { ...site, pages, path, client: this.client, ...(before && { before }) });
  }

  /** The targets that are prefetched up to `/pages/last`; nothing if that never happens. */
  async prefetchedUpToLast(body: string, options: StageOptions = {}): Promise<string[]> {
    const { site, tab } = await this.start(body + LAST, options);
    if (this.client === 'ours') {
      await site.whenPrefetched('/pages/last');
      await tab.settled();
    } else {
      await tab.page.waitForNetworkIdle({ idleTime: 500 });
    }
    return site.prefetched;
  }
}

export interface StageOptions extends Omit<VisitOptions, 'client'> {
  /** Attributes of the install script's tag. */
  tag?: string;
}

/** What a promise does within three seconds. */
export const SETTLES = `(promise) => Promise.race([
  promise.then(() => 'resolved', () => 'rejected'),
  new Promise((resolve) => setTimeout(resolve, 3000, 'pending')),
])`;
