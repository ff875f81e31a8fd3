/** The page's part of deep fetch; a separate file, loaded with the first request of the worker. */
export { queryHtml } from '../deepfetch/page.js';
