import type { Counters, PrefetchEventName, WorkerStats } from '../core/pageTypes.js';
import { COLOURS } from './linkColours.js';

const STYLE = `
:host{all:initial;position:fixed;right:12px;bottom:12px;z-index:2147483647}
section{font:12px/1.5 system-ui,sans-serif;color:#e8eaed;background:#1d2026;border-radius:8px;padding:10px 12px;
min-width:230px;box-shadow:0 4px 16px rgb(0 0 0/.35)}
h1{font-size:12px;margin:0 0 6px;display:flex;justify-content:space-between}
button{all:unset;cursor:pointer;padding:0 4px}button:focus-visible{outline:2px solid #fff}
p{margin:0 0 6px}table{border-collapse:collapse;width:100%}
th,td{font-weight:normal;text-align:right;padding:1px 0 1px 10px}th:first-child{text-align:left;padding-left:0}
i{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px}`;

const LABELS: Record<PrefetchEventName, string> = {
  prefetch: 'prefetched',
  hit: 'used',
  refused: 'refused',
  wasted: 'wasted',
};

const totalOf = (stats: WorkerStats): Record<PrefetchEventName, number> => ({
  prefetch: stats.prefetched,
  hit: stats.hits,
  refused: stats.refused,
  wasted: stats.wasted,
});

/** What the panel shows. */
export interface PanelContent {
  servedFrom: string;
  counters: Counters;
  stats: WorkerStats | undefined;
}

function element(name: string, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function row(state: PrefetchEventName, { counters, stats }: PanelContent): HTMLElement {
  const swatch = element('i');
  swatch.style.background = COLOURS[state];
  const total = stats ? String(totalOf(stats)[state]) : '–';
  return element(
    'tr',
    element('th', swatch, LABELS[state]),
    element('td', String(counters[state])),
    element('td', total),
  );
}

/** A small window over the page with its counters, those of the worker, and the colours' legend. */
export class Panel {
  readonly #host = document.createElement('prefetch-overlay');
  readonly #body = document.createElement('div');

  constructor(onClose: () => void) {
    const close = element('button', '×');
    close.setAttribute('aria-label', 'Close');
    close.addEventListener('click', onClose);
    const section = element('section', element('h1', 'Prefetch', close), this.#body);
    this.#host.attachShadow({ mode: 'open' }).append(element('style', STYLE), section);
    document.body.append(this.#host);
  }

  show(content: PanelContent): void {
    const { servedFrom, stats } = content;
    const head = element('tr', element('th'), element('th', 'this page'), element('th', 'worker'));
    const rows = (Object.keys(LABELS) as PrefetchEventName[]).map((state) => row(state, content));
    const store = stats
      ? `${stats.entries} stored, ${Math.ceil(stats.bytes / 1000)} kB`
      : 'no worker answers';
    this.#body.replaceChildren(
      element('p', `Page from ${servedFrom}`),
      element('table', head, ...rows),
      element('p', `Store: ${store}`),
    );
  }

  remove(): void {
    this.#host.remove();
  }
}
