import { fetchPublished } from '../../scripts/published.mjs';
import { BROWSERS, findBrowser } from './browsers';

/** Before all tests: a missing browser or client ends the run with what to do about it. */
export default function setup(): void {
  for (const name of BROWSERS) findBrowser(name);
  fetchPublished();
}
