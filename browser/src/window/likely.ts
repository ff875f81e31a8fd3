/** What was learned of pages; a separate file, loaded where a build has such files. */
export { loadLikely } from '../links/likely.js';
