const HIERARCHICAL = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\//;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const ADDRESS = /^(?:[^@[\]]*@)?\[[0-9A-Fa-f:.]+\](?::[0-9]*)?$/;
const NOT_OF_A_URL = /%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]/gu;

/** The variables that are parts of the request's URL, whose `?` and `&` mean what they say. */
const OF_THE_URL = new Set(
  (
    'host http_host is_amp is_args normalized_path normalized_query normalized_uri path query_string ' +
    'request_uri scheme uri'
  ).split(' '),
);

/** Text as the path, query or fragment of a URL holds it: all else is percent-encoded as UTF-8. */
export const encoded = (text: string): string =>
  text.replace(NOT_OF_A_URL, (found) =>
    [...new TextEncoder().encode(found)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );

/** An absolute path with its dot segments resolved (RFC 3986, section 5.2.4). */
function withoutDotSegments(path: string): string {
  if (!/\/(?:\.|%2[Ee]){1,2}(?:\/|$)/.test(path)) return path;
  const kept: string[] = [];
  let plain = '';
  for (const segment of path.split('/').slice(1)) {
    plain = segment.replace(/%2[Ee]/g, '.');
    if (plain === '..') kept.pop();
    else if (plain !== '.') kept.push(segment);
  }
  if (plain === '.' || plain === '..') kept.push('');
  return `/${kept.join('/')}`;
}

const inPath = (text: string): string =>
  text
    .split('/')
    .filter((segment) => !/^(?:\.|%2[Ee]){1,2}$/.test(segment))
    .join('/')
    .replaceAll('?', '%3F');

function asciiHost(text: string): string {
  if (!/[\u{80}-\u{10ffff}]/u.test(text)) return ADDRESS.test(text) ? text : encoded(text);
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    return encoded(text);
  }
}

/**
 * A URL in the making; parts are added from left to right.
 *
 * An author's text says which part of the URL begins where. What a request or a variable puts in stays in its
 * part: it is percent-encoded where it could begin another one, and never names another host.
 */
export class Destination {
  private scheme = '';
  private host: string | undefined;
  private hostBeforeCapture: string | undefined;
  private isInHost = false;
  private path = '';
  private query: string | undefined;
  private fragment: string | undefined;
  private hasBegun = false;
  private isRooted: boolean;
  private isJoint = false;

  /** `isTarget`: it is path and query for an origin, so that no host can be named. */
  constructor(private readonly isTarget = false) {
    this.isRooted = isTarget;
  }

  /** Add what the author of the rule wrote. */
  addText(written: string): void {
    let text = written;
    if (!text) return;
    if (!this.hasBegun) {
      this.hasBegun = true;
      text = this.begin(text);
    } else if (this.isAtScheme(text)) {
      this.scheme = `${this.path}://`;
      this.path = '';
      text = text.slice(3);
      this.host = '';
      this.isInHost = true;
    }
    if (this.isInHost && text) text = this.addToHost(text);
    this.addParts(text, true);
    this.isJoint = false;
  }

  /** Add what a source captured of the request; `ofQuery`: in its query, where `&` separates parameters. */
  addCaptured(text: string, ofQuery = false): void {
    this.putIn(text, true, ofQuery || text.startsWith('?'));
  }

  addVariable(name: string, text: string): void {
    const begin = HIERARCHICAL.exec(text)?.[0] ?? '';
    if (!this.hasBegun && !this.isTarget && begin.length > 2) {
      this.addText(text);
      this.isJoint = true;
    } else if (OF_THE_URL.has(name) || !this.hasBegun) this.putIn(text, true, true);
    else this.putIn(text, false, false);
  }

  /** Add the request's trailing slash, where a path has none yet. */
  addSlash(): void {
    if (this.query !== undefined || this.fragment !== undefined) return;
    this.leaveHost();
    if (!this.path.endsWith('/')) this.path += '/';
    this.isJoint = true;
  }

  /** Add a query, after the one that is there and before a fragment. */
  addQuery(query: string): void {
    if (!query) return;
    this.leaveHost();
    this.query = this.query ? `${this.query}&${encoded(query)}` : encoded(query);
  }

  /** The URL, or undefined if it names no host where one has to be. */
  url(): string | undefined {
    this.leaveHost();
    if (this.host === '') return undefined;
    const host = !this.host || ADDRESS.test(this.host) ? this.host : encoded(this.host);
    let path = this.path;
    if (this.host !== undefined && path && !path.startsWith('/')) path = `/${path}`;
    if (this.host === undefined && this.isRooted) path = `/${path.replace(/^\/+/, '')}`;
    if (path.startsWith('/')) {
      path = withoutDotSegments(path);
      if (this.host === undefined && path.startsWith('//')) path = `/${path.replace(/^\/+/, '')}`;
    }
    const query = this.query === undefined ? '' : `?${this.query}`;
    return `${this.scheme}${host ?? ''}${path}${query}${this.fragment === undefined ? '' : `#${this.fragment}`}`;
  }

  private begin(text: string): string {
    if (this.isTarget) return text;
    const found = HIERARCHICAL.exec(text)?.[0];
    if (found !== undefined) {
      this.scheme = found;
      this.host = '';
      this.isInHost = true;
      return text.slice(found.length);
    }
    const scheme = SCHEME.exec(text)?.[0];
    if (scheme !== undefined) {
      this.scheme = scheme;
      return text.slice(scheme.length);
    }
    this.isRooted = text.startsWith('/');
    return text;
  }

  private isAtScheme(text: string): boolean {
    const word = `${this.path.replace(/^\//, '')}:`;
    const isWord = SCHEME.exec(word)?.[0] === word;
    return !this.scheme && this.query === undefined && isWord && text.startsWith('://') && this.isJoint;
  }

  private addToHost(text: string): string {
    const end = text.search(/[/?#]/);
    const own = end < 0 ? text : text.slice(0, end);
    const rest = text.slice(own.length);
    if (own) {
      this.host = `${this.host ?? ''}${asciiHost(own)}`;
      this.hostBeforeCapture = undefined;
    }
    if (rest) this.leaveHost();
    return rest;
  }

  /** Go on with the path; what was put in right behind a whole host name is its first segment. */
  private leaveHost(): void {
    if (!this.isInHost) return;
    this.isInHost = false;
    const before = this.hostBeforeCapture;
    if (!before || !this.isAfterWholeHost()) return;
    this.path = encoded(`/${(this.host ?? '').slice(before.length)}`);
    this.host = before;
    this.isJoint = true;
  }

  private isAfterWholeHost(): boolean {
    return /[\p{L}\p{N}]$/u.test(this.hostBeforeCapture ?? '');
  }

  private putIn(given: string, mayHaveQuery: boolean, separates: boolean): void {
    let text = given;
    if (!this.hasBegun) this.hasBegun = this.isRooted = true;
    if (this.isInHost) {
      if (!/^[/?]/.test(text)) {
        this.hostBeforeCapture ??= this.host;
        if (text.includes('/') && this.isAfterWholeHost()) {
          this.leaveHost();
          this.addParts(text.replaceAll('#', '%23'), false);
          return;
        }
        this.host = `${this.host ?? ''}${text.replace(/[^A-Za-z0-9._\-:[\]]+/g, '')}`;
        return;
      }
      this.leaveHost();
    }
    if (!mayHaveQuery && this.query === undefined) text = inPath(text);
    else if (this.query !== undefined && !separates)
      text = text.replaceAll('&', '%26').replaceAll('+', '%2B');
    this.addParts(text.replaceAll('#', '%23'), false);
    this.isJoint = true;
  }

  private addParts(given: string, isAuthors: boolean): void {
    let text = given;
    const at = text.indexOf('#');
    if (this.fragment === undefined && isAuthors && at >= 0) {
      const after = text.slice(at + 1).replaceAll('#', '%23');
      this.addParts(text.slice(0, at), true);
      if (this.isTarget) this.addParts(`%23${after}`, true);
      else this.fragment = encoded(after);
      return;
    }
    if (this.fragment !== undefined) this.fragment += encoded(text.replaceAll('#', '%23'));
    else if (this.query !== undefined) {
      if (text.startsWith('?') && !isAuthors)
        text = !this.query || this.query.endsWith('&') ? text.slice(1) : `&${text.slice(1)}`;
      this.query += encoded(text);
    } else {
      const question = text.indexOf('?');
      const path = question < 0 ? text : text.slice(0, question);
      const meets = this.path.endsWith('/') && (!isAuthors || this.isJoint);
      this.path += encoded(meets ? path.replace(/^\/+/, '') : path);
      if (question >= 0) this.query = encoded(text.slice(question + 1));
    }
  }
}
