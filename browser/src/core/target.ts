/** The parts of a URL that rules ask about, cut out of its text: links are many and URL objects are slow. */
export interface Target {
  href: string;
  /** Path as conditions see it (`docs/urls.md`). */
  path: string;
  /** Text after the question mark, as conditions see it. */
  query: string;
}

/** Escapes of characters that conditions see as they are, encoded or not. */
const IN_PATHS = /%(2[146-9A-E]|3[\dABD]|4[\dA-F]|5[\dABD-F]|6[1-9A-F]|7[\dA-E])/g;
const IN_QUERIES = /%(2[DE]|3\d|4[1-9A-F]|5[\dABD-F]|6[1-9A-F]|7[\dA-E])/g;

/**
 * Characters not allowed in a URL, control characters, and invalid escapes; in paths also overlong characters and dot
 * segments.
 */
const BAD =
  /[^!-~]|\\|%(?![\dA-F]{2})|%(0[^9AD]|1|7F)|^[^?]*(%0|%C[01]%[89AB]|%E0%[89]|%F0%8|(\/|%[25][FC])\.\.?([/;?]|%[25][FC]))/;

const seen = (text: string, plain: RegExp): string =>
  text
    .replace(/%[\da-f]{2}/gi, (found) => found.toUpperCase())
    .replace(plain, decodeURIComponent)
    .replace(/["<>`]/g, encodeURIComponent);

/**
 * Takes apart an absolute HTTP URL as browsers write it; a fragment is left out.
 *
 * Undefined for one that every edge answers with 400.
 */
export function targetOf(address: string): Target | undefined {
  const href = address.replace(/#.*/s, '');
  // A host is at least one letter long, so that no slash of "http://" or "https://" comes here.
  const start = href.indexOf('/', 8);
  const end = `${href}?`.indexOf('?', start);
  const path = seen(href.slice(start, end), IN_PATHS).replace(/\/+/g, '/');
  const query = seen(href.slice(end + 1), IN_QUERIES);
  return BAD.test(`${path}?${query}`) ? undefined : { href, path, query };
}
