/** What holds for each app in a browser: links are prefetched, and clicks are answered from the store. */
import { describe, expect, inject, it } from 'vitest';
import type { BrowserName } from '../../support/browsers';
import { launchAround } from '../../support/session';
import { edgeAround, hasHeading, problems, visit } from './edges';
import { APPS } from './work.mjs';

/** A link, what is requested when it is clicked, and the heading that is then shown. */
interface Click {
  link: string;
  requested: string;
  heading: string;
}

/** Clicks that an app carries out without leaving the page, and clicks that load another one. */
interface Behaviour {
  path?: string;
  inPage?: Click[];
  away?: Click[];
}

const API: Click[] = [
  { link: '/products/1', requested: '/api/products/1.json', heading: 'Kettle' },
  { link: '/products/2', requested: '/api/products/2.json', heading: 'Teapot' },
];
const TERMS: Click = { link: '/terms.html', requested: '/terms.html', heading: 'Terms' };

const REACT: Behaviour[] = [{ inPage: API, away: [TERMS] }];

const NEXT: Behaviour[] = [
  {
    inPage: [
      {
        link: '/products/1',
        requested: '/_next/data/A/en/products/1.json?id=1',
        heading: 'Product 1, en, data of A',
      },
    ],
  },
  {
    path: '/fr',
    inPage: [
      {
        link: '/fr/products/1',
        requested: '/_next/data/A/fr/products/1.json?id=1',
        heading: 'Product 1, fr, data of A',
      },
    ],
  },
  { path: '/guides', away: [{ link: '/guides/2', requested: '/guides/2', heading: 'Guide 2' }] },
];

const BEHAVIOURS: Record<string, Behaviour[]> = {
  react18: REACT,
  react19: REACT,
  vue: [{ inPage: API }],
  next15: NEXT,
  next16: NEXT,
  sveltekit: [
    {
      inPage: [
        {
          link: '/products/1',
          requested: '/products/1/__data.json?x-sveltekit-invalidated=01',
          heading: 'Product 1',
        },
      ],
      away: [{ link: '/products/2', requested: '/products/2', heading: 'Product 2' }],
    },
  ],
  plain: [{ away: [{ link: '/products/1.html', requested: '/products/1.html', heading: 'Kettle' }] }],
};

export function testApps(name: BrowserName): void {
  const browser = launchAround(name);

  describe.each(Object.entries(BEHAVIOURS).filter(([app]) => APPS.includes(app)))(
    `in ${name}, %s`,
    (app, behaviours) => {
      const edge = edgeAround(app, () => String(inject('apps')[app]?.url));

      for (const { path = '/', inPage = [], away = [] } of behaviours) {
        const stored = [...inPage, ...away].map(({ requested }) => requested);

        it.each(inPage)('answers the click on $link from the store, within the page', async (click) => {
          const tab = await visit(browser(), edge(), path, stored);
          await tab.page.evaluate('window.isSamePage = true');
          await tab.page.click(`a[href="${click.link}"]`);
          await tab.until(hasHeading, click.heading);
          expect(await tab.page.evaluate('window.isSamePage')).toBe(true);
          expect((await edge().log()).visits(click.requested)).toEqual([]);
          expect(problems(tab)).toEqual([]);
        });

        it.each(away)('answers the click on $link from the store, with another page', async (click) => {
          const tab = await visit(browser(), edge(), path, stored);
          expect(await tab.follow(click.link)).toBe(click.heading);
          expect((await edge().log()).visits(click.requested)).toEqual([]);
          expect(problems(tab)).toEqual([]);
        });
      }
    },
  );
}
