/** Pages of the tests' websites, and what a test asks of an open one. */
import { PIXEL } from '../../support/pages';
import type { Answer } from '../../support/site';
import type { Visit } from '../../support/visit';
import type { Pages } from './origin';

const HTML = { 'content-type': 'text/html; charset=utf-8' };

/** A page with the install script; `attributes` go on its tag, `src` is where it is. */
export function install(body: string, attributes = '', src = '/__edgio__/prefetch/install.js'): string {
  return `<!doctype html><title>start</title><h1>start</h1>${body}<script src="${src}" ${attributes}></script>`;
}

/** Pages that are each named after their path. */
export function named(...paths: string[]): Pages {
  return Object.fromEntries(
    paths.map((path): [string, Answer] => [
      path,
      { headers: HTML, body: `<!doctype html><title>${path}</title><h1>${path}</h1>` },
    ]),
  );
}

/** An image of one pixel; the rules say how long it is kept. */
export const IMAGE: Answer = { headers: { 'content-type': 'image/png' }, body: PIXEL.body ?? '' };

/** An answer of an API. */
export function json(data: unknown): Answer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(data) };
}

/** What a fetch of the page brings, as text; its status where it is not 200. */
export function fetched(tab: Visit, url: string, init: RequestInit = {}): Promise<string | number> {
  return tab.page.evaluate(
    async (target, options) => {
      const response = await fetch(target, options);
      return response.ok ? response.text() : response.status;
    },
    url,
    init,
  );
}

/** Wait until every link in sight had its turn, without scrolling: a watched element came after them. */
export async function seen(tab: Visit): Promise<void> {
  await tab.page.evaluate(async () => {
    const { Edgio } = window as unknown as { Edgio: { install: (options: object) => Promise<void> } };
    const last = document.body.appendChild(document.createElement('p'));
    last.id = 'last';
    last.textContent = 'last';
    last.style.cssText = 'position: fixed; bottom: 0';
    await new Promise((callback) => void Edgio.install({ watch: [{ selector: '#last', callback }] }));
    for (let idle = 0; idle < 2; idle++) {
      await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }));
    }
    last.remove();
  });
}
