/** The marks of links: each outcome has a colour, a kind of line and a sentence. */
import type { PrefetchEventDetail, PrefetchEventName } from '../core/pageTypes.js';
import { marks } from './looks.js';

/** `refused`: the edge has not stored it (412); `failed`: refused for another reason. */
export type Mark = PrefetchEventName | 'failed';

/** Colours that people tell apart who do not see all of them, and lines for those who see none. */
export const LOOKS: Record<Mark, { label: string; colour: string; line: string }> = {
  prefetch: { label: 'prefetched', colour: marks.prefetch, line: '2px solid' },
  hit: { label: 'used', colour: marks.hit, line: '5px double' },
  refused: { label: 'not at the edge', colour: marks.refused, line: '2px dashed' },
  failed: { label: 'refused', colour: marks.failed, line: '3px dotted' },
  wasted: { label: 'evicted', colour: marks.wasted, line: '1px solid' },
};

const MEANINGS: Record<Mark, string> = {
  prefetch: 'prefetched: it is in the browser',
  hit: 'used: the browser had it when it was opened',
  refused: 'not prefetched: the edge has no stored response (412). Open it once, and it will have one',
  failed: 'not prefetched',
  wasted: 'prefetched, and evicted before it was used',
};

/** What the page knows of its URLs. */
export interface Known {
  states: ReadonlyMap<string, PrefetchEventName>;
  details: ReadonlyMap<string, PrefetchEventDetail>;
}

/** The mark of a URL. */
export function markOf(url: string, { states, details }: Known): Mark | undefined {
  const state = states.get(url);
  const status = details.get(url)?.status;
  return state === 'refused' && status !== undefined && status !== 412 ? 'failed' : state;
}

/** What a mark means, with the reason where one is known. */
export function meaning(mark: Mark, url: string, { details }: Known): string {
  const { reason } = details.get(url) ?? {};
  return mark === 'failed' && reason ? `${MEANINGS.failed}: ${reason}` : MEANINGS[mark];
}
