/**
 * What the catalogue of features and operators says to browsers.
 *
 * Made by `scripts/make_browser_tables.py` from the models in Python; change those.
 */

/** What a feature must be so that a URL may be prefetched. */
export type Prefetching = 'set' | 'positive' | 'not-true';

/** The features of the section `caching` that decide whether a URL may be prefetched. */
export const DECIDING: [string, Prefetching][] = [
  ['bypass_cache', 'not-true'],
  ['max_age', 'set'],
  ['service_worker_max_age', 'positive'],
];

/** Two bits of each, the first one lowest: it is as it must be, it is not. This is so without rules. */
export const START = 41;

/** And so they are where a URL may be prefetched. */
export const PREFETCHABLE = 21;

/** The operators that are true where another one is not. */
export const NEGATIONS: Record<string, string> = { '!==': '===', '!=': '==', '!~': '=~', not_in: 'in' };

/** The operators that compare values as they are, or as numbers: of two operands or more. */
export const RELATIONS = ['===', '<', '<=', '>', '>='];

/** The other operators, which test a text; but for those that turn one of these round. */
export type TextRelation = '==' | '=~' | 'in';
