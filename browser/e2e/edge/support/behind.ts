/** A website behind a real edge, with a tab on it; all of it is gone when the test is over. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { onTestFinished } from 'vitest';
import { Visit } from '../../support/visit';
import { Edge, type Engine } from './edge';
import { Origin, type Pages } from './origin';

export interface Website {
  /** What the origin answers. */
  pages: Pages;
  /** The text of `routes.py`. */
  routes: string;
  /** More files beside it. */
  files?: Record<string, string>;
  /** More options of `prefetchrouter serve`. */
  options?: string[];
  /** Targets that were opened before, so that the edge has them stored where the rules allow it. */
  opened?: string[];
  /** Whether the edge looks for changes of `routes.py`. */
  reloads?: boolean;
  /** The program that serves the rules. */
  engine?: Engine;
}

/** What there is of a website: its origin, its edge, and the folder of its routes. */
export interface Behind {
  origin: Origin;
  edge: Edge;
  folder: string;
}

/** Start origin and edge; what it takes to fill the edge is in no record. */
export async function startBehind(website: Website): Promise<Behind> {
  const folder = mkdtempSync(join(tmpdir(), 'behind-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({ ...website.files, 'routes.py': website.routes })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const origin = await new Origin(website.pages).start();
  onTestFinished(() => origin.stop());
  const reload = website.reloads ? [] : ['--no-reload'];
  const options = (website.options ?? []).map((option) => option.replace('FOLDER', folder));
  // Pages and prefetches as in production; `firstMinute.test.ts` has what `serve` adds on a developer's machine.
  const plain = (website.engine ?? 'embedded') === 'embedded' ? ['--no-inject', '--no-warm'] : [];
  const all = [join(folder, 'routes.py'), '--origin', origin.url, ...plain, ...reload, ...options];
  const edge = await Edge.start(all, folder, website.engine);
  onTestFinished(async () => void (await edge.stop()));
  await edge.visited(...(website.opened ?? []));
  await edge.forget();
  origin.requests.length = 0;
  return { origin, edge, folder };
}

/** A tab on a page of the edge. */
export async function openTab(browser: Browser, edge: Edge, path = '/'): Promise<Visit> {
  const tab = await Visit.open(browser, edge.url(path));
  onTestFinished(() => tab.close());
  return tab;
}

/** Start a website and open its first page. */
export async function visitBehind(browser: Browser, website: Website): Promise<Behind & { tab: Visit }> {
  const behind = await startBehind(website);
  return { ...behind, tab: await openTab(browser, behind.edge) };
}

/** The guide's rule as a routes file; `more` are further rules, `time` is what the worker may keep pages. */
export function guideRoutes(more = '', time = '1h'): string {
  return `from prefetchrouter import Router

router = (
    Router()
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "${time}"})
    ${more}
)
`;
}
