/** What is special in Next: pages for one visitor, pages of both routers, and a build that follows another. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Edge } from '../../edge/support/edge';
import type { BrowserName } from '../../support/browsers';
import { launchAround } from '../../support/session';
import { arrive, edgeAround, hasHeading, startEdge, visit } from './edges';
import { start } from './start';
import { APPS } from './work.mjs';

const DATA = '/_next/data/A/en/products/1.json?id=1';

/** Build A behind its own edge, and what deploys build B in its place. */
async function deployable(name: string): Promise<{ edge: Edge; deploy: () => Promise<void> }> {
  const state = mkdtempSync(join(tmpdir(), 'packed-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const first = await start(name, 'A');
  onTestFinished(first.stop);
  const edge = await startEdge(name, first.url, state);
  onTestFinished(async () => void (await edge.stop()));
  const deploy = async (): Promise<void> => {
    await first.stop();
    const second = await start(name, 'B', Number(new URL(first.url).port));
    onTestFinished(second.stop);
  };
  return { edge, deploy };
}

export function testNext(name: BrowserName): void {
  const browser = launchAround(name);

  describe.each(APPS.filter((app) => app.startsWith('next')))(`in ${name}, %s`, (app) => {
    const edge = edgeAround(app, () => String(inject('apps')[app]?.url));

    it('a page that Next sends as private is not stored, and its link works', async () => {
      const tab = await visit(browser(), edge(), '/', [DATA]);
      await tab.page.click('a[href="/account"]');
      await tab.until(hasHeading, 'Account of Ann');
      expect(await tab.holds('/_next/data/A/en/account.json')).toBe(false);
    });

    it('a page of the app router is stored beside what its client requests of the same path', async () => {
      const tab = await visit(browser(), edge(), '/guides', ['/guides/1']);
      await tab.page.evaluate('window.isSamePage = true');
      await tab.page.click('a[href="/guides/1"]');
      await tab.until(hasHeading, 'Guide 1');
      expect(await tab.page.evaluate('window.isSamePage')).toBe(true);
      await tab.page.goto(edge().url('/guides/1'));
      expect(await tab.heading()).toBe('Guide 1');
    });
  });

  describe.runIf(APPS.includes('next16'))(`in ${name}, after a deployment`, () => {
    it('a link of a page of the build before opens the page of the new one', async () => {
      const { edge, deploy } = await deployable('next16');
      const tab = await arrive(browser(), edge, '/');
      await edge.whenPrefetched(DATA);
      await deploy();
      await clickProduct(tab);
      expect(await builds(tab)).toEqual(['Product 1, en, data of B', 'code of B']);
    });

    it('what was stored before is never shown by code of another build', async () => {
      const { edge, deploy } = await deployable('next16');
      const tab = await visit(browser(), edge, '/', [DATA]);
      await deploy();
      await clickProduct(tab);
      const [heading, code] = await builds(tab);
      expect(heading?.at(-1)).toBe(code?.at(-1));
    });
  });
}

async function clickProduct(tab: Awaited<ReturnType<typeof arrive>>): Promise<void> {
  await tab.page.click('a[href="/products/1"]');
  await tab.until(() => /^Product 1/.test(document.querySelector('h1')?.textContent ?? ''));
}

/** What the page says of its data and of its code. */
const builds = (tab: Awaited<ReturnType<typeof arrive>>): Promise<(string | null)[]> =>
  tab.page.evaluate(() => [...document.querySelectorAll('h1, h1 + p')].map(({ textContent }) => textContent));
