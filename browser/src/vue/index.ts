export { Prefetch, Prefetch as default } from './Prefetch.js';
