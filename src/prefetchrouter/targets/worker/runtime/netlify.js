// src/adapters/netlify.ts
import { MemoryStore } from "./memory.js";
import { data, Edge, fetchHandler, sendByFetch, settings } from "./worker.js";
var { origins, logs, cacheBytes } = settings(Netlify.env.toObject());
var edge = new Edge(data, {
  store: new MemoryStore(cacheBytes),
  send: sendByFetch(),
  now: () => Date.now() / 1e3,
  log: logs ? (line) => console.log(line) : void 0,
  origins
});
var handle = fetchHandler(edge);
var netlify_default = (request, context) => {
  const { geo = {} } = context;
  const facts = {
    "location.city": geo.city,
    "location.country": geo.country?.code,
    "location.region_code": geo.subdivision?.code
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== void 0));
  const visitor = { client: context.ip ?? "", facts: known };
  return handle(request, visitor, (promise) => context.waitUntil?.(promise));
};
var config = { path: "/*" };
export {
  config,
  netlify_default as default
};
