// src/adapters/server.ts
import {
  createServer,
  Agent as HttpAgent,
  request
} from "node:http";
import { Agent as HttpsAgent, request as requestByTls } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { MemoryStore } from "./memory.js";

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
function acceptedCoding(request2, codings) {
  const weights = /* @__PURE__ */ new Map();
  for (const member of members(get(request2, "accept-encoding") ?? "")) {
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
function purge(request2, edge, store, data2) {
  const problem = fault(request2, data2);
  if (problem) return problem;
  const wanted = wantedBy(request2.body);
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

// src/adapters/server.ts
import {
  data,
  Edge,
  fieldsOf,
  settings,
  wireHeaders
} from "./worker.js";
var keepAlive = !("Deno" in globalThis);
var httpAgent = new HttpAgent({ keepAlive, maxSockets: 100 });
var httpsAgent = new HttpsAgent({ keepAlive, maxSockets: 100 });
var MAX_HEADER = 64 * 1024;
var STOP_MILLISECONDS = 5e3;
var PACKERS = { br: promisify(brotliCompress), gzip: promisify(gzip) };
var pairsOf = (raw) => raw.flatMap((name, at) => at % 2 ? [] : [[name, raw[at + 1] ?? ""]]);
function originHeaders({ method, headers, body }) {
  const pairs = wireHeaders(headers).filter(([name]) => name !== "expect");
  const [host, others] = [
    pairs.filter(([name]) => name === "host"),
    pairs.filter(([name]) => name !== "host")
  ];
  const declared = headers.get("content-length")?.[0];
  if (body instanceof Uint8Array) others.push(["content-length", String(body.length)]);
  else if (body) others.push(declared ? ["content-length", declared] : ["transfer-encoding", "chunked"]);
  else if (!/^(?:GET|HEAD|OPTIONS|TRACE)$/.test(method)) others.push(["content-length", "0"]);
  return [...host, ...others];
}
function send(wanted, isAgain = false) {
  return new Promise((resolve, reject) => {
    const { method, body, answerSeconds } = wanted;
    const url = new URL(wanted.url);
    const isTls = url.protocol === "https:";
    const path = wanted.url.replace(/^[a-z]+:\/\/[^/?]*/i, "");
    const sent = (isTls ? requestByTls : request)({
      agent: isAgain ? false : isTls ? httpsAgent : httpAgent,
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port || (isTls ? 443 : 80),
      servername: url.hostname,
      method,
      path,
      headers: originHeaders(wanted).flat(),
      setHost: false,
      maxHeaderSize: MAX_HEADER
    });
    const late = setTimeout(() => {
      sent.destroy(Object.assign(new Error("the origin gave no response in time"), { name: "TimeoutError" }));
    }, answerSeconds * 1e3);
    let hasResponse = false;
    sent.on("response", (response) => {
      hasResponse = true;
      clearTimeout(late);
      const stream = Readable.toWeb(response);
      const isEmpty = method === "HEAD" || response.headers["content-length"] === "0";
      if (isEmpty) response.resume();
      resolve({
        status: response.statusCode ?? 502,
        headers: fieldsOf(pairsOf(response.rawHeaders)),
        body: isEmpty ? null : stream
      });
    });
    const failed = (error) => {
      if (hasResponse) return;
      hasResponse = true;
      clearTimeout(late);
      const mayRepeat = !isAgain && keepAlive && sent.reusedSocket && !body && /^(?:GET|HEAD)$/.test(method);
      if (mayRepeat && error.name !== "TimeoutError") send(wanted, true).then(resolve, reject);
      else reject(error);
    };
    sent.on("error", failed);
    const ended = () => failed(new Error("the origin ended the connection"));
    sent.on("socket", (socket) => {
      socket.once("close", ended);
      sent.on("response", () => socket.off("close", ended));
    });
    if (!body || body instanceof Uint8Array) sent.end(body ?? void 0);
    else pipeline(Readable.fromWeb(body), sent).catch(() => {
    });
  });
}
async function reply(incoming, outgoing, response) {
  const { status, headers, body } = response;
  const pairs = wireHeaders(headers);
  const declared = headers.get("content-length")?.[0];
  const hasNone = incoming.method === "HEAD" || status === 204 || status === 304;
  const own = body instanceof Uint8Array ? hasNone ? body.length || void 0 : body.length : void 0;
  const length = own ?? declared;
  if (length !== void 0 && status !== 204 && status !== 304)
    pairs.push(["content-length", String(length)]);
  outgoing.writeHead(status, pairs.flat());
  if (hasNone || !body) {
    if (body instanceof ReadableStream) await body.cancel();
    outgoing.end();
  } else if (body instanceof Uint8Array) outgoing.end(body);
  else await sendPieces(body, outgoing);
}
async function sendPieces(body, outgoing) {
  outgoing.flushHeaders();
  const reader = body.getReader();
  outgoing.once("close", () => reader.cancel().catch(() => {
  }));
  try {
    for (; ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if (!outgoing.write(value) && !outgoing.destroyed) await once(outgoing, "drain");
    }
    outgoing.end();
  } catch {
    outgoing.socket?.destroySoon();
  }
}
var once = (outgoing, event) => new Promise((resolve) => {
  const go = () => {
    outgoing.off(event, go).off("close", go);
    resolve();
  };
  outgoing.on(event, go).on("close", go);
});
function servePurges(edge, store, port) {
  const server = createServer(async (incoming, outgoing) => {
    const { method = "", url: path = "", rawHeaders } = incoming;
    const body = await new Response(Readable.toWeb(incoming)).text();
    const [status, answer] = purge(
      { method, path, headers: fieldsOf(pairsOf(rawHeaders)), body },
      edge,
      store,
      data
    );
    outgoing.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    outgoing.end(JSON.stringify(answer));
  });
  server.listen(port, "127.0.0.1").unref();
}
function serve(environment = process.env) {
  const { origins, logs, cacheBytes } = settings(environment);
  const store = new MemoryStore(cacheBytes);
  const edge = new Edge(data, {
    store,
    send,
    now: () => Date.now() / 1e3,
    log: logs ? (line) => console.log(line) : void 0,
    origins
  });
  const shown = withPackedFiles(edge, data, PACKERS);
  const options = { maxHeaderSize: 2 * MAX_HEADER, requireHostHeader: false, insecureHTTPParser: false };
  const server = createServer(options, (incoming, outgoing) => {
    const { method = "GET", url: target = "/", rawHeaders, httpVersion: version, socket } = incoming;
    const { "content-length": length, "transfer-encoding": coding } = incoming.headers;
    const hasBody = coding !== void 0 || length !== void 0 && length !== "0";
    const body = hasBody ? Readable.toWeb(incoming) : null;
    const raw = {
      method,
      target,
      headers: fieldsOf(pairsOf(rawHeaders)),
      body,
      visitor: { client: socket.remoteAddress ?? "" },
      version
    };
    shown.handle(raw).then((response) => reply(incoming, outgoing, response)).catch((error) => {
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(500, { "cache-control": "no-store" });
      outgoing.end();
    });
  });
  server.on("clientError", (error, socket) => {
    const isLong = error.code === "HPE_HEADER_OVERFLOW";
    const line = isLong ? "431 the request head is too large" : "400 the request is not HTTP";
    const head = `HTTP/1.1 ${isLong ? "431 Request Header Fields Too Large" : "400 Bad Request"}\r
`;
    const fields = "content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n";
    const length = `content-length: ${line.length + 1}\r
connection: close\r
\r
`;
    if (socket.writable) socket.end(`${head}${fields}${length}${line}
`);
    else socket.destroy();
  });
  const { HOST = "127.0.0.1", PORT = "8080", PURGE_PORT } = environment;
  if (PURGE_PORT) servePurges(edge, store, Number(PURGE_PORT));
  server.listen(Number(PORT), HOST, () => {
    const { port } = server.address();
    console.error(`listening on http://${HOST}:${port}`);
  });
  const stop = () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), STOP_MILLISECONDS).unref();
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return server;
}
serve();
export {
  serve
};
