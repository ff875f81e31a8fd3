/** Pages and images that the tests' origins answer with. */
import { type Answer, HOUR_HEADER, html } from './site';

/** A page with the install script; `attributes` go on its tag. */
export function withInstall(body: string, attributes = ''): string {
  return `<!doctype html><title>start</title><h1>start</h1>${body}
<script src="/__edgio__/prefetch/install.js" ${attributes}></script>`;
}

/** A page that the edge lets the worker keep for an hour. */
export function keptPage(name: string): Answer {
  return html(`<!doctype html><title>${name}</title><h1>${name}</h1>`, HOUR_HEADER);
}

/** Pages that are kept for an hour, each named after its path. */
export function keptPages(...paths: string[]): Record<string, Answer> {
  return Object.fromEntries(paths.map((path) => [path, keptPage(path)]));
}

/** An image of one pixel. */
export const PIXEL: Answer = {
  headers: { 'content-type': 'image/png', 'cache-control': 'no-cache' },
  body: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

/** A script of the site. */
export function script(body: string): Answer {
  return { headers: { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }, body };
}

/** An answer of an API that the worker keeps for an hour. */
export function json(data: unknown, headers: Record<string, string> = HOUR_HEADER): Answer {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(data) };
}
