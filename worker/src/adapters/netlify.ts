import { MemoryStore } from './memory.ts';
import { data, Edge, fetchHandler, sendByFetch, settings } from './worker.ts';

interface Context {
  readonly ip?: string;
  readonly geo?: { city?: string; country?: { code?: string }; subdivision?: { code?: string } };
  waitUntil?(promise: Promise<unknown>): void;
}

declare const Netlify: { readonly env: { toObject(): Record<string, string> } };

const { origins, logs, cacheBytes } = settings(Netlify.env.toObject());
const edge = new Edge(data, {
  store: new MemoryStore(cacheBytes),
  send: sendByFetch(),
  now: () => Date.now() / 1000,
  log: logs ? (line) => console.log(line) : undefined,
  origins,
});
const handle = fetchHandler(edge);

/** The edge function for Netlify. */
export default (request: Request, context: Context): Promise<Response> => {
  const { geo = {} } = context;
  const facts = {
    'location.city': geo.city,
    'location.country': geo.country?.code,
    'location.region_code': geo.subdivision?.code,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  const visitor = { client: context.ip ?? '', facts: known };
  return handle(request, visitor, (promise) => context.waitUntil?.(promise));
};

export const config = { path: '/*' };
