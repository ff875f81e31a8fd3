/** Names, paths and parameters that the edge, the page and the worker must agree on. */
export * from '../../../src/prefetchrouter/static/names.json';
