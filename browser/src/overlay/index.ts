import type { PrefetchGlobal } from '../core/pageTypes.js';
import { LinkColours } from './linkColours.js';
import { Panel } from './panel.js';
import { servedFrom } from './servedFrom.js';

const REFRESH_MILLISECONDS = 1000;

/** What the overlay reads of the page. */
export type Source = Pick<PrefetchGlobal, 'counters' | 'events' | 'states' | 'stats'>;

/** Shows links in the colour of their state and a panel with totals, until it is closed. */
export function showOverlay({ counters, events, states, stats }: Source): void {
  const colours = new LinkColours();
  const panel = new Panel(close);

  async function refresh(): Promise<void> {
    colours.update(states);
    panel.show({ servedFrom: servedFrom(states), counters, stats: await stats() });
  }

  const timer = setInterval(refresh, REFRESH_MILLISECONDS);
  const onEvent = (): void => colours.update(states);
  const names = Object.keys(counters);
  for (const name of names) events.addEventListener(name, onEvent);
  void refresh();

  function close(): void {
    clearInterval(timer);
    for (const name of names) events.removeEventListener(name, onEvent);
    panel.remove();
    colours.remove();
  }
}
