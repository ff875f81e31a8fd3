/** What predicts where a pointer is heading; a separate file, loaded only when enabled. */
export { watchHeading } from '../links/heading.js';
