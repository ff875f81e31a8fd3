import type { Options } from '../core/pageTypes.js';
import { options } from './options.js';

/**
 * Whether this visitor is in the control group, for which nothing is prefetched: drawn once and kept in this browser, as
 * a number from 0 to 0.999 that is never sent.
 */
export function isControl({ control }: Pick<Options, 'control'> = options): boolean {
  if (!control) return false;
  try {
    localStorage.edgio_group ??= Math.random().toFixed(3).slice(0, 5);
    return localStorage.edgio_group < control;
  } catch {
    // Without a memory no visitor stays in a group.
    return false;
  }
}
