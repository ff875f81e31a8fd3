// src/adapters/workerd.ts
import { MemoryStore } from "./memory.js";

// src/adapters/purging.ts
var PURGE_PATH = "/__edgio__/purge";
var MOST_BODY = 1024 * 1024;
var MOST_NAMED = 1e3;
var refused = (status, error) => [status, { error }];
function fault({ method, path, headers, body }, data2) {
  const [names, starts] = data2.spoofable;
  const isOfProxy = (name) => name === "via" || names.includes(name) || starts.some((start) => name.startsWith(start));
  const host = headers.get("host")?.[0] ?? "";
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?$/i.test(host))
    return refused(403, "a purge is for names of this machine, such as localhost");
  if ([...headers.keys()].some(isOfProxy)) return refused(403, "a purge does not come through a proxy");
  if (headers.has("origin") || headers.has("sec-fetch-site"))
    return refused(403, "a purge does not come from a page");
  if (path !== PURGE_PATH) return refused(404, `a purge is a POST to ${PURGE_PATH}`);
  if (method !== "POST") return refused(405, "a purge is a POST");
  if (!/^application\/json[ \t]*(?:;|$)/i.test(headers.get("content-type")?.[0] ?? ""))
    return refused(415, "a purge has the type application/json");
  return body.length > MOST_BODY ? refused(400, `the body is larger than ${MOST_BODY} bytes`) : void 0;
}
function wantedBy(body) {
  let found;
  try {
    found = JSON.parse(body);
  } catch {
    return "the body is not JSON";
  }
  const names = found && typeof found === "object" && !Array.isArray(found) ? Object.keys(found) : [];
  if (!names.length || names.some((name) => !/^(?:all|tags|urls)$/.test(name)))
    return 'expected {"tags": [...], "urls": [...]} or {"all": true}';
  const wanted = found;
  if ("all" in wanted) return names.length === 1 && wanted.all === true ? wanted : '"all" is true, and alone';
  for (const [name, texts] of Object.entries(wanted)) {
    if (!Array.isArray(texts) || !texts.every((text) => text && typeof text === "string"))
      return `"${name}" is not a list of texts`;
    if (texts.length > MOST_NAMED) return `"${name}" has more than ${MOST_NAMED} texts`;
  }
  return wanted;
}
function addressesOf(url, edge, store, data2) {
  const [, host, target] = /^(?:https?:\/\/([^/?#]+))?([^#]*)/i.exec(url) ?? [];
  const path = target?.replace(/^(?=\?|$)/, "/") ?? "";
  if (!path.startsWith("/")) return `"${url}" is not a URL; expected one such as "/products/2"`;
  const known = [...store.addresses(), ...edge.addresses()].map((address) => address.split("/", 1)[0] ?? "");
  const hosts = host === void 0 ? /* @__PURE__ */ new Set([data2.site.host ?? "localhost", ...known]) : [host];
  const found = Array.from(hosts, (one) => edge.addressOf(one, path));
  const refusal = found.find((one) => typeof one !== "string");
  if (refusal) return `"${url}": ${new TextDecoder().decode(refusal.body).trim()}`;
  return found;
}
function purge(request, edge, store, data2) {
  const problem = fault(request, data2);
  if (problem) return problem;
  const wanted = wantedBy(request.body);
  if (typeof wanted === "string") return refused(400, wanted);
  const { all, tags = [], urls = [] } = wanted;
  const addresses = new Set(all ? store.addresses() : []);
  for (const url of urls) {
    const found = addressesOf(url, edge, store, data2);
    if (typeof found === "string") return refused(400, found);
    for (const address of found) addresses.add(address);
  }
  if (all || tags.length) edge.forget();
  for (const address of addresses) edge.forget(address);
  return [200, { purged: store.purge(new Set(tags), addresses) }];
}

// src/adapters/workerd.ts
import { data, Edge, fetchHandler, fieldsOf, sendByFetch, settings } from "./worker.js";
function started(environment) {
  const { origins, logs, cacheBytes } = settings(environment);
  const store = new MemoryStore(cacheBytes);
  const edge = new Edge(data, {
    store,
    send: sendByFetch({}, (name) => environment[name]),
    now: () => Date.now() / 1e3,
    log: logs ? (line) => console.log(line) : void 0,
    origins
  });
  return { edge, store, handle: fetchHandler(edge) };
}
var own;
var workerd_default = {
  fetch(request, environment, context) {
    own ??= started(environment);
    const visitor = {
      // Address and port; the header of Cloudflare can be sent by any client here.
      get client() {
        return request.cf?.clientIp?.replace(/:[0-9]+$/, "").replace(/^\[|\]$/g, "") ?? "";
      }
    };
    return own.handle(request, visitor, (promise) => context.waitUntil(promise));
  }
};
var purging = {
  async fetch(request, environment) {
    own ??= started(environment);
    const { method, headers, url } = request;
    const fields = fieldsOf(headers);
    if (!fields.has("host")) fields.set("host", [new URL(url).host]);
    const asked = { method, path: new URL(url).pathname, headers: fields, body: await request.text() };
    const [status, answer] = purge(asked, own.edge, own.store, data);
    return Response.json(answer, { status, headers: { "cache-control": "no-store" } });
  }
};
export {
  workerd_default as default,
  purging
};
