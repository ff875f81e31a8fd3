/**
 * Measures each view of this page: where it came from, how fast it was, and which prefetches it made and used.
 *
 * The figures are those of web-vitals, copyright Google LLC, Apache-2.0.
 */
import { type Metric, onINP, onLCP, onTTFB } from 'web-vitals';
import type {
  MeasuredRule,
  MeasuredView,
  Options,
  PrefetchEventDetail,
  PrefetchEventName,
} from '../core/pageTypes.js';
import { removeWorker } from '../core/removeWorker.js';
import { Sender } from './beacon.js';
import { loadRuleOf, type RuleOf } from './ruleOf.js';
import { browserFamily, isLaterInVisit, navigationOf, sourceOf } from './source.js';
import { note, use } from './unused.js';

/** What measuring needs of the page: the served files share no modules. */
export interface Measurable {
  options: Options;
  /** Details of events by URL, those of recalled states left out. */
  details: ReadonlyMap<string, PrefetchEventDetail>;
  states: ReadonlyMap<string, PrefetchEventName>;
  events: EventTarget;
  /** Origin, and folder if any, of the site's own files. */
  root: string;
}

type Happened = [name: PrefetchEventName, url: string];

const groupOf = ({ control }: Options): MeasuredView['group'] => {
  try {
    if (control && localStorage.edgio_group)
      return localStorage.edgio_group < control ? 'control' : 'prefetch';
  } catch {
    // No storage: no group.
  }
  return '';
};

/** The view of a page, from its beginning or from when the browser has shown it again. */
class View {
  readonly #page: Measurable;
  readonly #ruleOf: RuleOf;
  readonly #isRestored: boolean;
  readonly #rules = new Map<string, MeasuredRule>();
  readonly #here = location.href.replace(/#.*/s, '');
  readonly #isLater = isLaterInVisit();
  #isPrefetched = false;
  readonly figures: Pick<MeasuredView, 'ttfb' | 'lcp' | 'inp'> = {};

  constructor(page: Measurable, ruleOf: RuleOf, isRestored: boolean) {
    this.#page = page;
    this.#ruleOf = ruleOf;
    this.#isRestored = isRestored;
  }

  happened([name, url]: Happened): void {
    if (name === 'wasted') return;
    if (name === 'prefetch') note(url);
    if (name === 'hit' && !use(url)) return;
    if (url === this.#here && name === 'hit') this.#isPrefetched = true;
    const rule = this.#ruleOf(url);
    const counts = this.#rules.get(rule) ?? { rule, prefetched: 0, used: 0, refused: 0 };
    this.#rules.set(rule, counts);
    counts[({ prefetch: 'prefetched', hit: 'used', refused: 'refused' } as const)[name]]++;
  }

  /** What is known by now. */
  measured(): MeasuredView {
    const { options, states } = this.#page;
    if (!this.#isRestored && !this.#isPrefetched && sourceOf(undefined, false) === 'http-cache') {
      this.happened(['hit', this.#here]);
    }
    return {
      group: groupOf(options),
      share: options.control ?? 0,
      browser: browserFamily(),
      source: this.#isRestored ? 'back-forward-cache' : sourceOf(states.get(this.#here), this.#isPrefetched),
      navigation: this.#isRestored ? 'back-forward' : navigationOf(this.#isLater),
      rule: this.#ruleOf(this.#here),
      ...this.figures,
      rules: [...this.#rules.values()],
    };
  }
}

/** Resolves when the visitor sees the page: a prerendered one may never be seen. */
async function activated(): Promise<void> {
  if ((document as { prerendering?: boolean }).prerendering)
    await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true }));
}

/** In the control group, ends what was prefetched before the visitor came into it, and what the browser would prefetch. */
export async function standBack(options: Options): Promise<void> {
  await activated();
  if (groupOf(options) !== 'control') return;
  for (const rules of document.querySelectorAll('script[type=speculationrules]')) rules.remove();
  void removeWorker().catch(() => undefined);
}

/** Measures this page, and goes on when the browser shows it again. */
export async function measure(page: Measurable): Promise<void> {
  await activated();
  const { options, details, events, states } = page;
  const { measure: wanted } = options;
  if (!wanted) return;
  // What happened before this file was here, and what happens while the rules load.
  const waiting: Happened[] = [...details.keys()].map((url) => [states.get(url) ?? 'wasted', url]);
  let happened = (event: Happened): unknown => waiting.push(event);
  for (const name of ['prefetch', 'hit', 'refused'] as const) {
    events.addEventListener(name, (event) =>
      happened([name, (event as CustomEvent<PrefetchEventDetail>).detail.url]),
    );
  }
  const ruleOf = await loadRuleOf(page.root);
  let view = new View(page, ruleOf, false);
  let sender = new Sender(wanted);
  const renew = (): boolean => sender.plan(view.measured());
  const end = (): void => {
    if (!renew()) sender.send(view.measured());
  };
  for (const event of waiting) view.happened(event);
  happened = (event) => {
    view.happened(event);
    renew();
  };
  const figure = ({ name, value }: Metric): void => {
    view.figures[name.toLowerCase() as keyof View['figures']] = value;
    renew();
  };
  // Before the listener of web-vitals, so that its figures come to the new view.
  const restored = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    view = new View(page, ruleOf, true);
    sender = new Sender(wanted);
    renew();
  };
  addEventListener('pageshow', restored, true);
  onTTFB(figure);
  onLCP(figure, { reportAllChanges: true });
  onINP(figure, { reportAllChanges: true });
  renew();
  // After the listener of web-vitals, so that its last figures are there.
  addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && end());
  addEventListener('pagehide', end);
}
