/** The install script: defines the global, reads the attributes of its script tag, and installs. */
import { globalName, installPath, workerPath } from '../core/names.js';
import type { PrefetchGlobal } from '../core/pageTypes.js';
import {
  clear,
  configure,
  counters,
  events,
  install,
  prefetch,
  states,
  stats,
  waitForServiceWorker,
} from './index.js';
import { warn } from './log.js';
import { root, setRoot } from './root.js';

declare const VERSION: string;

const folder = installPath.slice(0, installPath.lastIndexOf('/') + 1);

/** A module script has no `currentScript`, so it is found by its address. */
const tag = (document.currentScript ?? [...document.scripts].find(({ src }) => src.includes(folder))) as
  | HTMLScriptElement
  | undefined;

/** Undefined for an attribute that is not there, so that it leaves an option as it is. */
const isTrue = (value: string | undefined): boolean | undefined =>
  value === undefined ? value : /^\s*true\s*$/i.test(value);

function readRatio(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return value;
  const ratio = Number(value);
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`data-${name}="${value}" is not a number from 0 to 1`);
  return 0;
}

setRoot(tag?.src, folder);

const { includeCacheMisses, forcePrefetchRatio, overlay, worker, serviceWorker, measure, control } =
  tag?.dataset ?? {};
const given = (globalThis as Record<string, unknown>)[globalName] as Partial<PrefetchGlobal> | undefined;
const own = { prefetch, install, configure, waitForServiceWorker, events, counters, states, stats, clear };
// A page with a second tag goes on with what the first one has started.
const made = given?.install ? given : { ...given, ...own };
Object.assign(globalThis, { [globalName]: made });

void made.install?.({
  includeCacheMisses: isTrue(includeCacheMisses),
  forcePrefetchRatio: readRatio('force-prefetch-ratio', forcePrefetchRatio),
  overlay: isTrue(overlay),
  worker: worker as 'auto',
  measure,
  control: readRatio('control', control),
  serviceWorkerPath: serviceWorker ?? root() + workerPath.replace('{version}', VERSION),
  serviceWorkerScope: `${root()}/`,
});
