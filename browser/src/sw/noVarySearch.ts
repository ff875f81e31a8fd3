type Parameter = [name: string, value: string];

const MEMBER = /\s*([a-z-]+)(?:=(\?[01]|\([^()]*\)))?\s*(?:,|$)/y;

/** The members of the header; an invalid one has none, so that every parameter counts. */
function membersOf(header: string): Record<string, string> {
  const members: Record<string, string> = {};
  MEMBER.lastIndex = 0;
  while (MEMBER.lastIndex < header.length) {
    const [, name, value = '?1'] = MEMBER.exec(header) ?? [];
    if (!name) return {};
    members[name] = value;
  }
  return members;
}

/** The names of parameters in a list of strings. */
const namesIn = (list = ''): string[] =>
  (list.match(/"[^"]*"/g) ?? []).flatMap((text) => [...new URLSearchParams(text.slice(1, -1)).keys()]);

/**
 * Whether two keys differ only in what a response's `No-Vary-Search` leaves out.
 *
 * Source: https://httpwg.org/http-extensions/draft-ietf-httpbis-no-vary-search.html
 */
export function isSameSearch(stored: string, wanted: string, header: string): boolean {
  const { params = '?0', except, 'key-order': order } = membersOf(header);
  const isAll = params === '?1';
  const listed = namesIn(isAll ? except : params);
  const counts = ([name]: Parameter): boolean => listed.includes(name) === isAll;
  const canonical = (key: string): string => {
    const url = new URL(key);
    const counting = [...url.searchParams].filter(counts);
    // The sort is stable: values of one name stay in their order.
    if (order === '?1') counting.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    url.search = String(new URLSearchParams(counting));
    return url.href;
  };
  return canonical(stored) === canonical(wanted);
}
