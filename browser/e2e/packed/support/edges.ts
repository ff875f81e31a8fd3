/** Edges in front of the apps, and visitors of theirs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, onTestFailed, onTestFinished } from 'vitest';
import { Edge } from '../../edge/support/edge';
import { Visit } from '../../support/visit';
import { sourcesOf } from './work.mjs';

/** An edge with an app's rules in front of its server, for the tests of this `describe`. */
export function edgeAround(name: string, origin: () => string): () => Edge {
  let edge: Edge;
  let state: string;
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'packed-'));
    edge = await startEdge(name, origin(), state);
  });
  afterAll(async () => {
    await edge?.stop();
    rmSync(state, { recursive: true });
  });
  return () => edge;
}

/** Start an edge with an app's rules, which keeps what it needs in a folder. */
export function startEdge(name: string, origin: string, state: string): Promise<Edge> {
  const plain = ['--no-inject', '--no-warm', '--no-reload'];
  return Edge.start([join(sourcesOf(name), 'routes.py'), '--origin', origin, ...plain], state);
}

/** A visitor who was not here before, on a page of an edge. */
export async function arrive(browser: Browser, edge: Edge, path: string): Promise<Visit> {
  const context = await browser.createBrowserContext();
  onTestFinished(() => context.close());
  const tab = await Visit.open(context, edge.url(path));
  onTestFailed(async () => console.error(tab.console, (await edge.log()).outcomes));
  return tab;
}

/** A visitor whose worker has stored these responses, which the edge has. */
export async function visit(browser: Browser, edge: Edge, path: string, stored: string[]): Promise<Visit> {
  // Servers of frameworks compress, so that their responses vary by what a browser accepts.
  const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
  for (const target of stored) await (await fetch(edge.url(target), { headers })).arrayBuffer();
  await edge.forget();
  const tab = await arrive(browser, edge, path);
  await tab.stored(...stored);
  await tab.controlled();
  await edge.forget();
  return tab;
}

/** What the console says, except for refused prefetches and the icon that no app has. */
export const problems = ({ console }: Visit): string[] =>
  console.filter((line) => !line.startsWith('Failed to load resource'));

export const hasHeading = (heading: string): boolean => document.querySelector('h1')?.textContent === heading;
