/** What reads URLs with escapes and the like; a separate file, loaded for the first of them. */
export { targetOf } from '../core/target.js';
