/** Measures page views; a separate file, loaded where that is wanted. */
export { measure } from '../measure/index.js';
