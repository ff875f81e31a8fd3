/// <reference path="./lookTable.d.ts" />
/** The colours of marks, which the edge's pages and pictures have too. */
export { marks } from '../../../src/prefetchrouter/static/look.json';
