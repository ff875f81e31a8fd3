/** What a page has in its head to be fast: nothing, the libraries of others, or ours. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(new URL('../../browser/package.json', import.meta.url));
const quicklink = readFileSync(resolve('quicklink/dist/quicklink.umd.js'), 'utf8');
const instantPage = readFileSync(resolve('instant.page/instantpage.js'), 'utf8');

/** Scripts of others, by the paths where pages load them. */
export const SCRIPTS = { '/quicklink.js': quicklink, '/instantpage.js': instantPage };

const SPECULATION = JSON.stringify({
  prefetch: [{ where: { href_matches: '/pages/*' }, eagerness: 'immediate' }],
});
const ours = (attributes = '') => `<script src="/__edgio__/prefetch/install.js" defer ${attributes}></script>`;

/** The tags of each mode, as their own guides give them. */
export const MODES = {
  'no script': '',
  'quicklink 3.0.2': `<script src="/quicklink.js" defer></script>
    <script>addEventListener('load', () => quicklink.listen({ limit: 30, throttle: 2 }))</script>`,
  'instant.page 5.2': '<script src="/instantpage.js" type="module"></script>',
  'Speculation Rules by hand': `<script type="speculationrules">${SPECULATION}</script>`,
  prefetchrouter: ours(),
  'prefetchrouter, `data-worker="auto"`': ours('data-worker="auto"'),
};

/** Attributes of `<body>` that a mode needs. */
export const BODY = { 'instant.page 5.2': 'data-instant-intensity="viewport-all"' };
