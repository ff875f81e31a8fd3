/** Measures page views, and keeps the control group without prefetches; a separate file, loaded where that is wanted. */
export { measure, standBack } from '../measure/index.js';
