// src/http/fields.ts
var get = (fields, name) => {
  const values = fields.get(name);
  return values && (values.length === 1 ? values[0] : values.join(", "));
};
function changed(fields, changes) {
  const copy = new Map(fields);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) copy.delete(name);
    else copy.set(name, [value]);
  }
  return copy;
}
var trim = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");
var members = (text) => text.split(",").map(trim).filter(Boolean);
var END_TO_END = new Set(
  "age authorization cache-control content-encoding content-length content-range content-type cookie date expires host set-cookie vary".split(" ")
);

// src/http/codings.ts
function acceptedCoding(request, codings) {
  const weights = /* @__PURE__ */ new Map();
  for (const member of members(get(request, "accept-encoding") ?? "")) {
    const [coding = "", ...rest] = member.split(";");
    const found = /^[ \t]*q[ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*$/i.exec(rest.join(";"));
    const name = trim(coding).toLowerCase();
    if (!weights.has(name)) weights.set(name, trim(rest.join(";")) ? Number(found?.[1] ?? 0) : 1);
  }
  const weight = (coding) => weights.get(coding) ?? weights.get(`x-${coding}`) ?? weights.get("*") ?? 0;
  const most = Math.max(...codings.map(weight));
  if (!most || most < (weights.get("identity") ?? 0)) return void 0;
  return codings.find((coding) => weight(coding) === most);
}
async function gzip(body) {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// src/adapters/workerd.ts
import { MemoryStore } from "./memory.js";

// src/adapters/packing.ts
var LEAST_LENGTH = 128;
function withPackedFiles(edge, { files }, packers) {
  const packed = /* @__PURE__ */ new Map();
  return {
    async handle(raw, keep) {
      const response = await edge.handle(raw, keep);
      const { status, body } = response;
      const path = raw.target.split("?", 1)[0] ?? "";
      const file = Object.hasOwn(files, path) ? files[path] : void 0;
      if (!file || file.text.length < LEAST_LENGTH || status !== 200 && status !== 304) return response;
      const headers = changed(response.headers, { vary: "Accept-Encoding" });
      const coding = acceptedCoding(raw.headers, Object.keys(packers));
      const pack = packers[coding ?? ""];
      if (coding === void 0 || !pack) return { ...response, headers };
      headers.set("etag", [`W/${file.tag}`]);
      if (!(body instanceof Uint8Array)) return { ...response, headers };
      headers.set("content-encoding", [coding]);
      const key = `${coding} ${path}`;
      const smaller = packed.get(key) ?? pack(body);
      packed.set(key, smaller);
      return { ...response, headers, body: await smaller, isPacked: true };
    }
  };
}

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
  return { edge, store, handle: fetchHandler(withPackedFiles(edge, data, { gzip })) };
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
