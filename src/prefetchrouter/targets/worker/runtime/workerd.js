// src/adapters/workerd.ts
import { MemoryStore } from "./memory.js";
import { data, Edge, fetchHandler, sendByFetch, settings } from "./worker.js";
var handle;
var workerd_default = {
  fetch(request, environment, context) {
    if (!handle) {
      const { origins, logs, cacheBytes } = settings(environment);
      const edge = new Edge(data, {
        store: new MemoryStore(cacheBytes),
        send: sendByFetch({}, (name) => environment[name]),
        now: () => Date.now() / 1e3,
        log: logs ? (line) => console.log(line) : void 0,
        origins
      });
      handle = fetchHandler(edge);
    }
    const visitor = {
      // Address and port; the header of Cloudflare can be sent by any client here.
      get client() {
        return request.cf?.clientIp?.replace(/:[0-9]+$/, "").replace(/^\[|\]$/g, "") ?? "";
      }
    };
    return handle(request, visitor, (promise) => context.waitUntil(promise));
  }
};
export {
  workerd_default as default
};
