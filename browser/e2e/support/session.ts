import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type BrowserName, type LaunchOptions, launch } from './browsers';
import { type Site, type SiteOptions, startSite } from './site';
import { Visit } from './visit';

/** A browser for the tests of this `describe`; call the result inside a test. */
export function launchAround(name: BrowserName, options: LaunchOptions = {}): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(name, options);
  });
  afterAll(() => browser?.close());
  return () => browser;
}

export interface VisitOptions extends SiteOptions {
  /** Where the visit begins. */
  path?: string;
  /** Runs in the page before all scripts. */
  before?: () => void;
  /** The host name of the visited URL. */
  host?: string;
}

/** A site with one tab on it, both closed when the test is over. */
export async function visitSite(
  browser: Browser,
  { path = '/', before, host = 'localhost', ...options }: VisitOptions,
): Promise<{ site: Site; tab: Visit }> {
  const site = await startSite(options);
  const tab = await Visit.open(browser, site.url(path, host), before);
  onTestFinished(async () => {
    await tab.close();
    await site.stop();
  });
  return { site, tab };
}
