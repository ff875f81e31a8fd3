// src/http/fields.ts
var trim = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");
var END_TO_END = new Set(
  "age authorization cache-control content-encoding content-length content-range content-type cookie date expires host set-cookie vary".split(" ")
);

// src/http/vary.ts
function normal(values) {
  if (!values?.length) return null;
  if (values.some((value) => value.includes('"'))) return trim(values.join(", "));
  return values.join(",").split(",").map(trim).join(",");
}
var variantText = (variant) => variant.length ? JSON.stringify(variant) : "";
var isSelected = (variant, request) => variant.every(([name, value]) => normal(request.get(name)) === value);

// src/cache/memory.ts
var MOST_VARIANTS = 32;
var OVERHEAD = 2048;
var sizeOf = ({ body, headers, key }) => {
  let size = OVERHEAD + body.length + 2 * key.join().length;
  for (const [name, values] of headers) size += 4 * (name.length + values.join().length);
  return size;
};
var MemoryStore = class {
  constructor(limit) {
    this.limit = limit;
    this.byKey = /* @__PURE__ */ new Map();
    this.byAddress = /* @__PURE__ */ new Map();
    this.size = 0;
  }
  find(key, headers) {
    const text = key.join("\n");
    const responses = this.byKey.get(text);
    if (!responses) return { names: [] };
    const stored = responses.findLast(({ variant }) => isSelected(variant, headers));
    if (stored) {
      this.byKey.delete(text);
      this.byKey.set(text, responses);
    }
    return { stored, names: responses.at(-1)?.variant.map(([name]) => name) ?? [] };
  }
  store(stored) {
    if (sizeOf(stored) > this.limit) return;
    const text = stored.key.join("\n");
    const own = variantText(stored.variant);
    for (const earlier of this.byKey.get(text) ?? [])
      if (variantText(earlier.variant) === own) this.discard(earlier);
    const responses = this.byKey.get(text) ?? [];
    this.byKey.delete(text);
    this.byKey.set(text, responses);
    responses.push(stored);
    const address = stored.key[0] ?? "";
    const keys = this.byAddress.get(address) ?? /* @__PURE__ */ new Set();
    this.byAddress.set(address, keys.add(text));
    this.size += sizeOf(stored);
    if (responses.length > MOST_VARIANTS && responses[0]) this.discard(responses[0]);
    for (const [, [oldest]] of this.byKey) {
      if (this.size <= this.limit) break;
      if (oldest && oldest !== stored) this.remove(oldest.key.join("\n"));
    }
  }
  discard(stored) {
    const text = stored.key.join("\n");
    const responses = this.byKey.get(text);
    const at = responses?.indexOf(stored) ?? -1;
    if (!responses || at < 0) return;
    responses.splice(at, 1);
    this.size -= sizeOf(stored);
    if (!responses.length) this.remove(text);
  }
  invalidate(address) {
    for (const text of this.byAddress.get(address) ?? []) this.remove(text);
  }
  /** The addresses of all that is stored. */
  addresses() {
    return [...this.byAddress.keys()];
  }
  /** Remove what has one of these tags or addresses; return how many responses there were. */
  purge(tags, addresses) {
    let count = 0;
    for (const stored of [...this.byKey.values()].flat())
      if (addresses.has(stored.key[0] ?? "") || stored.tags?.some((tag) => tags.has(tag))) {
        this.discard(stored);
        count++;
      }
    return count;
  }
  remove(text) {
    for (const stored of this.byKey.get(text) ?? []) this.size -= sizeOf(stored);
    this.byKey.delete(text);
    const address = text.split("\n", 1)[0] ?? "";
    const keys = this.byAddress.get(address);
    keys?.delete(text);
    if (!keys?.size) this.byAddress.delete(address);
  }
};
export {
  MemoryStore
};
