/** The option `watch`; a separate file, loaded when it is used. */
export { watchElements } from '../links/watchElements.js';
