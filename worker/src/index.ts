/** The runtime of the target `worker`: what the adapters of the platforms are made of. */

export { type Fetcher, fetchHandler, sendByFetch, settings } from './adapters/web.ts';
export { wireHeaders } from './adapters/wire.ts';
export type { RawRequest } from './edge/admit.ts';
export { Edge } from './edge/edge.ts';
export type { EdgeResponse, OriginRequest, OriginResponse, Platform } from './edge/types.ts';
export { fieldsOf } from './http/fields.ts';
