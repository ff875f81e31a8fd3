/** Checks the accessibility of a page with axe-core: WCAG 2.2 A and AA, and its best practices. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Found {
  violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** A usual window size. */
export interface Window {
  width: number;
  scheme: 'light' | 'dark';
}

export const DESK: Window = { width: 1200, scheme: 'light' };
export const PHONE: Window = { width: 390, scheme: 'dark' };

/** Show a page in a window of this size and colour scheme. */
export async function showIn(page: Page, { width, scheme }: Window): Promise<void> {
  await page.setViewport({ width, height: 800, isMobile: width < 500 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
}

/** The violations on the current page, one line each, without duplicates. */
export async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    (rules) =>
      (window as unknown as { axe: { run: (where: Document, options: object) => Promise<unknown> } }).axe.run(
        document,
        { resultTypes: ['violations'], runOnly: rules },
      ),
    RULES,
  )) as Found;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return [
    ...violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    ),
    ...(wide > 0 ? [`the page is ${wide} px wider than its window`] : []),
  ];
}
