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

/** Starts what options ask for: each part once, except for what one call of `install()` lists. */
export async function startExtras(given: InstallOptions, page: ExtrasPage): Promise<void> {
  const { options, prefetch, react, warn } = page;
  const once = <Part>(what: string, load: () => Promise<Part>, call: (part: Part) => void): void => {
    if (!started.has(what)) void use(what, load, call, warn);
    started.add(what);
  };
  if (options.measure || options.control) {
    once(
      'measuring',
      () => loaded().then(() => import('./measure.js')),
      ({ measure }) => measure(page),
    );
  }
  if (options.overlay)
    once(
      'the overlay',
      () => import('./overlay.js'),
      ({ showOverlay }) => showOverlay(page),
    );
  if (options.triggers.includes('heading'))
    once(
      '"heading"',
      () => import('./heading.js'),
      ({ watchHeading }) => watchHeading(react),
    );
  for (const url of given.prefetchURLs ?? []) prefetch(url).catch((error) => warn(`${url}: ${error}`));
  for (const entry of given.watch ?? []) {
    const watch = (): Promise<typeof import('./watch.js')> => import('./watch.js');
    await use(`watching "${entry.selector}"`, watch, ({ watchElements }) => watchElements(entry), warn);
  }
}
