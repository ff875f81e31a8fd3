/** What deep fetch asks of a page; a file of its own that only its first question loads. */
export { queryHtml } from '../deepfetch/page.js';
