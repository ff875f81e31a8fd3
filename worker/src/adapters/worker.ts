/** What `worker.js` exports: the runtime, with the rules as data. The build leaves imports of it as they are. */

export * from '../index.ts';
export { data } from './cloudflare.ts';
