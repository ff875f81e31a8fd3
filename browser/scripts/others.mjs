import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { fetchPublished, publishedClient } from './published.mjs';

const read = (path) =>
  readFileSync(fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)), 'utf8');

/** Name and minified text of what others serve for the same purpose, as far as there is one. */
export async function others() {
  fetchPublished();
  const { install, worker } = publishedClient();
  const { code: instantPage } = await transform(read('instant.page/instantpage.js'), { minify: true });
  return [
    { name: 'quicklink', text: read('quicklink/dist/quicklink.umd.js') },
    { name: 'instant.page', text: instantPage },
    { name: '@edgio/prefetch install.js', text: install },
    { name: '@edgio/prefetch service-worker.js', text: worker },
  ];
}
