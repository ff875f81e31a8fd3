import type { WorkerStats } from '../core/types.js';
import { LOOKS, type Mark } from './marks.js';

/** Pointers go through it: it must not cover links, which then would not be prefetched. Colours are those of `look.json`. */
export const STYLE = `
:host{all:initial;position:fixed;right:12px;bottom:12px;z-index:2147483647;pointer-events:none}
section{font:12px/1.5 system-ui,sans-serif;color:#e7eaf0;background:#181c24;border-radius:8px;padding:10px 12px;
width:270px;box-shadow:0 4px 16px rgb(0 0 0/.35);overflow-wrap:anywhere}
h1{font-size:12px;margin:0 0 6px;display:flex;justify-content:space-between}
button{all:unset;cursor:pointer;padding:0 4px;pointer-events:auto}button:focus-visible{outline:2px solid #fff}
p{margin:0 0 6px}table{border-collapse:collapse;width:100%}
th,td{font-weight:normal;text-align:right;padding:1px 0 1px 10px}th:first-child{text-align:left;padding-left:0}
i{display:inline-block;width:9px;height:5px;margin:0 8px 2px 2px}`;

/** The totals of the worker that belong to a mark. */
const TOTALS: Partial<Record<Mark, (stats: WorkerStats) => number>> = {
  prefetch: ({ prefetched }) => prefetched,
  hit: ({ hits }) => hits,
  refused: ({ refused }) => refused,
  wasted: ({ wasted }) => wasted,
};

/** What the panel shows. */
export interface PanelContent {
  servedFrom: string;
  /** How many different URLs of links have each mark. */
  counts: ReadonlyMap<Mark, number>;
  stats: WorkerStats | undefined;
}

function element(name: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function row(mark: Mark, { counts, stats }: PanelContent): HTMLElement {
  const { label, line, colour } = LOOKS[mark];
  const swatch = element('i');
  swatch.style.outline = `${line} ${colour}`;
  const total = stats && TOTALS[mark]?.(stats);
  return element(
    'tr',
    element('th', swatch, label),
    element('td', String(counts.get(mark) ?? 0)),
    element('td', total === undefined ? '' : String(total)),
  );
}

/** A small window over the page: its links by mark, the totals of all pages, and what there is to say about one link. */
export class Panel {
  readonly #host = document.createElement('prefetch-overlay');
  readonly #body = document.createElement('div');
  readonly #said = element('p', 'Point at a link for its reason.');

  constructor(onClose: () => void) {
    const close = element('button', '×');
    close.setAttribute('aria-label', 'Close');
    close.addEventListener('click', onClose);
    this.#said.setAttribute('aria-live', 'polite');
    const root = this.#host.attachShadow({ mode: 'open' });
    // A policy of the page may forbid style elements, but not these.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const section = element('section', element('h1', 'Prefetch', close), this.#body, this.#said);
    // Named, it is a landmark: readers of the page can skip it, and find it.
    section.setAttribute('aria-label', 'Prefetch');
    root.append(section);
    document.body.append(this.#host);
  }

  show(content: PanelContent): void {
    const { servedFrom, stats } = content;
    const head = element(
      'tr',
      element('th', 'links'),
      element('th', 'this page'),
      element('th', 'all pages'),
    );
    const rows = (Object.keys(LOOKS) as Mark[]).map((mark) => row(mark, content));
    const store = stats
      ? `${stats.entries} stored, ${Math.ceil(stats.bytes / 1000)} kB`
      : 'no service worker';
    this.#body.replaceChildren(
      element('p', `Page from ${servedFrom}`),
      element('table', head, ...rows),
      element('p', `Store: ${store}`),
    );
  }

  /** Says something about a link. */
  say(text: string): void {
    this.#said.textContent = text;
  }

  remove(): void {
    this.#host.remove();
  }
}
