import type { PrefetchGlobal } from '../core/pageTypes.js';
import { linkOf } from '../links/treeWalk.js';
import { LearnedLinks } from './learnedLinks.js';
import { LinkMarks, urlOf } from './linkMarks.js';
import { Panel } from './panel.js';
import { type Deciding, reasonOf } from './reasons.js';
import { servedFrom } from './servedFrom.js';

const REFRESH_MILLISECONDS = 1000;

/** What the overlay reads of the page. */
export type Source = Deciding &
  Pick<PrefetchGlobal, 'events' | 'stats'> & {
    /** Origin, and folder if any, of the site's own files. */
    root: string;
  };

/** Shows links by the marks of their state, and a panel with numbers and reasons, until it is closed. */
export function showOverlay(source: Source): void {
  const { events, states, stats } = source;
  const marks = new LinkMarks();
  const learned = new LearnedLinks(source.root, () => void marks.update(source, learned));
  const panel = new Panel(close);

  async function refresh(): Promise<void> {
    const totals = await stats();
    panel.show({ servedFrom: servedFrom(states), counts: marks.update(source, learned), stats: totals });
  }

  function explain(event: Event): void {
    const link = linkOf(event);
    if (!link) return;
    const url = urlOf(link);
    panel.say(`${url.replace(location.origin, '')}: ${reasonOf(link, source)}${learned.sentence(url)}`);
  }

  const timer = setInterval(refresh, REFRESH_MILLISECONDS);
  const onEvent = (): void => void marks.update(source, learned);
  const names = ['prefetch', 'hit', 'refused', 'wasted'];
  const pointing = ['mouseover', 'focusin'];
  for (const name of names) events.addEventListener(name, onEvent);
  for (const name of pointing) document.addEventListener(name, explain, true);
  onEvent();
  void refresh();

  function close(): void {
    clearInterval(timer);
    for (const name of names) events.removeEventListener(name, onEvent);
    for (const name of pointing) document.removeEventListener(name, explain, true);
    panel.remove();
    marks.remove();
  }
}
