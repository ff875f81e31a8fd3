// src/adapters/cacheService.ts
var kept = /* @__PURE__ */ new Map();
var size = 0;
function remove(key) {
  size -= kept.get(key)?.message.length ?? 0;
  return kept.delete(key);
}
function parsed(message) {
  const end = message.findIndex((byte, at) => byte === 10 && message[at - 2] === 10);
  const lines = new TextDecoder().decode(message.subarray(0, end)).split("\r\n");
  const headers = new Headers({ "cf-cache-status": "HIT" });
  for (const line of lines.slice(1)) {
    const at = line.indexOf(":");
    if (at > 0 && !/^(?:content-length|transfer-encoding)$/i.test(line.slice(0, at)))
      headers.append(line.slice(0, at), line.slice(at + 1).trim());
  }
  return new Response(message.subarray(end + 1), { headers });
}
var ageOf = (message) => {
  const head = new TextDecoder().decode(message.subarray(0, 65536)).split("\r\n\r\n", 1)[0] ?? "";
  return Number(/^cache-control:.*max-age=(\d+)/im.exec(head)?.[1] ?? 0);
};
var cacheService_default = {
  async fetch(request, environment) {
    const key = request.url;
    const most = environment.CACHE_BYTES ?? 64 * 1024 * 1024;
    if (request.method === "PURGE") return new Response(null, { status: remove(key) ? 200 : 404 });
    if (request.method === "PUT") {
      const message = new Uint8Array(await request.arrayBuffer());
      remove(key);
      kept.set(key, { message, until: Date.now() + ageOf(message) * 1e3 });
      size += message.length;
      for (const oldest of kept.keys()) {
        if (size <= most) break;
        remove(oldest);
      }
      return new Response(null, { status: 204 });
    }
    const found = kept.get(key);
    if (!found || found.until < Date.now())
      return new Response(null, { status: 504, headers: { "cf-cache-status": "MISS" } });
    kept.delete(key);
    kept.set(key, found);
    return parsed(found.message);
  }
};
export {
  cacheService_default as default
};
