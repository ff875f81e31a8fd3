/** Which links count as visible: those that a person could see and activate now. */
import { describe, expect, it } from 'vitest';
import { BROWSERS } from './support/browsers';
import { keptPages, PIXEL, withInstall } from './support/pages';
import { launchAround, visitSite } from './support/session';

const PATHS = ['/pages/1', '/pages/2', '/pages/3', '/pages/last'];
const LAST = '<p><a href="/pages/last">last</a></p>';
const menu = (style: string, attributes = ''): string =>
  `<nav style="position:absolute;top:300px;${style}" ${attributes}><a href="/pages/1">1</a> <a href="/pages/2">2</a></nav>`;

describe.each(BROWSERS)('in %s', (name) => {
  const browser = launchAround(name);
  const visit = (body: string): ReturnType<typeof visitSite> =>
    visitSite(browser(), { pages: { '/': withInstall(body), '/i.png': PIXEL, ...keptPages(...PATHS) } });

  it.each([
    ['hidden', menu('visibility:hidden')],
    ['transparent', menu('opacity:0')],
    ['transparent, by an element around it', `<div style="opacity:0">${menu('')}</div>`],
    ['without pointer events', menu('pointer-events:none')],
    ['inert', menu('', 'inert')],
    [
      'under something else',
      `${menu('')}<div style="position:absolute;top:280px;width:100%;height:90px"></div>`,
    ],
    ['for screen readers', menu('width:1px;height:1px;overflow:hidden;clip-path:inset(50%)')],
  ])('a link that is %s does not count', async (_, body) => {
    const { site, tab } = await visit(body + LAST);
    await tab.stored('/pages/last');
    await tab.settled();
    expect(new Set(site.prefetched)).toEqual(new Set(['/pages/last']));
  });

  it('a menu that opens has links that count', async () => {
    const { site, tab } = await visit(`${menu('visibility:hidden')}<button>menu</button>${LAST}`);
    await tab.page.evaluate(() => {
      document.querySelector('button')?.addEventListener('click', () => {
        (document.querySelector('nav') as HTMLElement).style.visibility = 'visible';
      });
    });
    await tab.stored('/pages/last');
    expect(new Set(site.prefetched)).toEqual(new Set(['/pages/last']));
    await tab.page.click('button');
    await tab.stored('/pages/1', '/pages/2');
  });

  it.each([
    [
      'around something that floats',
      '<a href="/pages/1"><img src="/i.png" style="float:left;width:40px;height:40px"></a>',
    ],
    ['that has only its content', '<a href="/pages/1" style="display:contents"><div>1</div></a>'],
    ['around something positioned', '<a href="/pages/1"><b style="position:absolute;top:200px">1</b></a>'],
    [
      'that is an area of an image',
      '<img src="/i.png" usemap="#map" width=90 height=90><map name="map"><area shape="rect" coords="0,0,50,50" href="/pages/1"></map>',
    ],
    ['of SVG', '<svg width=90 height=30><a href="/pages/1"><text y=20>1</text></a></svg>'],
  ])('a link %s counts', async (_, body) => {
    const { tab } = await visit(body + LAST);
    await tab.stored('/pages/1');
  });

  it.each(['now', 'later'])('a link in a shadow root counts, whose element is defined %s', async (when) => {
    const { tab } = await visit(`<x-card></x-card>${LAST}`);
    if (when === 'later') await tab.stored('/pages/last');
    await tab.page.evaluate(() => {
      class Card extends HTMLElement {
        connectedCallback(): void {
          this.attachShadow({ mode: 'open' }).innerHTML = '<a href="/pages/1">1</a><x-inner></x-inner>';
        }
      }
      class Inner extends HTMLElement {
        constructor() {
          super();
          this.attachShadow({ mode: 'open' }).innerHTML = '<a href="/pages/2"><slot></slot>2</a>';
        }
      }
      customElements.define('x-card', Card);
      customElements.define('x-inner', Inner);
    });
    await tab.stored('/pages/1', '/pages/2');
  });

  it('pointing at a link in a shadow root prefetches it', async () => {
    const { tab } = await visit(`<x-card></x-card>${LAST}`);
    await tab.page.evaluate(() => {
      const { Edgio } = window as unknown as { Edgio: { configure: (options: object) => void } };
      Edgio.configure({ triggers: ['hover'] });
      const card = document.querySelector('x-card') as Element;
      card.attachShadow({ mode: 'open' }).innerHTML = '<p><a href="/pages/1">1</a></p>';
    });
    await (await tab.page.$('x-card >>> a'))?.hover();
    await tab.stored('/pages/1');
  });

  it('anchors without a destination cost nothing', async () => {
    const anchors = Array.from({ length: 100 }, (_, at) => `<a name="s${at}"></a>`).join('');
    const { tab } = await visit(anchors + LAST);
    await tab.stored('/pages/last');
    const calls = await tab.page.evaluate(async () => {
      let observed = 0;
      const { observe } = IntersectionObserver.prototype;
      IntersectionObserver.prototype.observe = function (element) {
        observed++;
        observe.call(this, element);
      };
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return observed;
    });
    expect(calls).toBe(0);
  });
});
