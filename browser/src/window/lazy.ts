/** What a page needs once it is loaded; a file of its own, so that the install script stays small. */
export { Links } from '../links/index.js';
