/** What a page needs once it is loaded, or never; a file of its own, so that the install script stays small. */
export { queryHtml } from '../deepfetch/page.js';
export { Links } from '../links/index.js';
