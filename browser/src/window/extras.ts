/** What options start beside the prefetching of links; a separate file, loaded where one of them is used. */
import type { InstallOptions, Options, Trigger } from '../core/pageTypes.js';
import type { Prefetch } from '../core/types.js';
import type { Measurable } from '../measure/index.js';
import type { Source } from '../overlay/index.js';
import { loaded } from './loaded.js';

/** What they need of the page: the served files share no modules. */
export interface ExtrasPage extends Source, Measurable {
  options: Options;
  details: Source['details'] & Measurable['details'];
  states: Source['states'] & Measurable['states'];
  react: (link: Element, trigger: Trigger) => void;
  prefetch: Prefetch;
  warn: (problem: string) => void;
}

const started = new Set<string>();

/** Loads a part and uses it; failure is logged, not thrown. */
async function use<Part>(
  what: string,
  load: () => Promise<Part>,
  call: (part: Part) => void,
  warn: ExtrasPage['warn'],
): Promise<void> {
  try {
    call(await load());
  } catch (error) {
    warn(`${what} does not work: ${error}`);
  }
}

/** Starts what changed options ask for: each part once, except for what they list. */
export async function startExtras(changes: InstallOptions, page: ExtrasPage): Promise<void> {
  const { options, prefetch, react, warn } = page;
  const { measure, control, overlay, triggers, prefetchURLs = [], watch = [] } = changes;
  const once = <Part>(what: string, load: () => Promise<Part>, call: (part: Part) => void): void => {
    if (!started.has(what)) void use(what, load, call, warn);
    started.add(what);
  };
  const loadMeasure = (): Promise<typeof import('./measure.js')> =>
    loaded().then(() => import('./measure.js'));
  if (control) void use('the control group', loadMeasure, ({ standBack }) => standBack(options), warn);
  if (measure) once('measuring', loadMeasure, (part) => part.measure(page));
  if (overlay)
    once(
      'the overlay',
      () => import('./overlay.js'),
      ({ showOverlay }) => showOverlay(page),
    );
  if (triggers?.includes('heading'))
    once(
      '"heading"',
      () => import('./heading.js'),
      ({ watchHeading }) => watchHeading(react),
    );
  for (const url of prefetchURLs) prefetch(url).catch((error) => warn(`${url}: ${error}`));
  for (const entry of watch) {
    const load = (): Promise<typeof import('./watch.js')> => import('./watch.js');
    await use(`watching "${entry.selector}"`, load, ({ watchElements }) => watchElements(entry), warn);
  }
}
