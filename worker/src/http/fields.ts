/** Header fields: the values of each name, in lower case and in order (RFC 9110, section 5). */
export type Fields = Map<string, readonly string[]>;

/** The fields of one name joined with a comma, undefined without any. */
export const get = (fields: Fields, name: string): string | undefined => {
  const values = fields.get(name);
  return values && (values.length === 1 ? values[0] : values.join(', '));
};

/** Fields from pairs of name and value. */
export function fieldsOf(pairs: Iterable<readonly [string, string]>): Fields {
  const fields: Fields = new Map();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const known = fields.get(key);
    fields.set(key, known ? [...known, value] : [value]);
  }
  return fields;
}

/** A copy with some names replaced; null removes one. */
export function changed(fields: Fields, changes: Record<string, string | null>): Fields {
  const copy: Fields = new Map(fields);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) copy.delete(name);
    else copy.set(name, [value]);
  }
  return copy;
}

/** Without blanks and tabs at both ends, the only whitespace of HTTP. */
export const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

/** The members of a list header; empty ones count for nothing (RFC 9110, section 5.6.1). */
export const members = (text: string): string[] => text.split(',').map(trim).filter(Boolean);

const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What `Connection` cannot remove: without these a wrong response would be stored or shared. */
const END_TO_END = new Set(
  (
    'age authorization cache-control content-encoding content-length content-range content-type cookie ' +
    'date expires host set-cookie vary'
  ).split(' '),
);

/** The fields without those for one connection only (RFC 9110, section 7.6.1). */
export function endToEnd(fields: Fields): Fields {
  const dropped = HOP_BY_HOP.filter((name) => fields.has(name));
  for (const text of fields.get('connection') ?? [])
    dropped.push(
      ...members(text)
        .map((name) => name.toLowerCase())
        .filter((name) => !END_TO_END.has(name)),
    );
  if (!dropped.length) return fields;
  const copy: Fields = new Map(fields);
  for (const name of dropped) copy.delete(name);
  return copy;
}
