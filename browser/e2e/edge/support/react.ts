import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../support/bundle';
import { script } from '../../support/pages';
import { html } from '../../support/site';
import type { Pages } from './origin';

const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** The example with React, bundled as a site would: what its origin answers, and its worker. */
export async function reactApp(): Promise<{ pages: Pages; worker: string }> {
  const [app, worker] = await Promise.all([
    bundle({ file: 'examples/react/app.tsx' }),
    bundle({ file: 'examples/workbox/service-worker.js' }),
  ]);
  const page = readFileSync(join(EXAMPLES, 'react/index.html'), 'utf8');
  return { pages: { '/': html(page), '/app.js': script(app) }, worker };
}
