/** Code that a page needs only after load; a separate file, to keep the install script small. */
export { Links } from '../links/index.js';
