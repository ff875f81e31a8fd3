import { type Fields, get } from '../http/fields.ts';
import { merged, parameterName, parameterValue, pathForRules, unquotePlus } from '../http/target.ts';

/** Status and headers of an origin's response, as conditions see them. */
export interface Head {
  readonly status: number;
  readonly headers: Fields;
}

type Facts = Readonly<Record<string, string | undefined>>;

/** The sender of a request, as far as a platform knows; read only if something needs it. */
export interface Visitor {
  readonly client: string;
  readonly facts?: Facts | undefined;
}

/** A valid request of a client; path and query are in canonical form. */
export interface EdgeRequest {
  readonly method: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Fields;
  readonly visitor: Visitor;
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null;
  /** Facts about every visitor, where the platform knows none of that name. */
  readonly facts?: Facts | undefined;
  /** The random numbers of this request, by their largest value. */
  readonly drawn: Map<number, string>;
}

/** What conditions and the values of features can read: a request, and the URL that rules rewrite it to. */
export class Context {
  /** The path for origins and keys. */
  sentPath: string;
  /** With one slash for each run of slashes, for sources of rewrites and for variables. */
  readonly uri: string;
  originUri: string;
  /** As conditions see it. */
  path: string;
  originPath: string;
  lowerPath: string;
  originQuery: string;
  /** Why the edge answers 400. */
  refusal: string | undefined;
  private known: Map<string, string> | undefined;
  private jar: Map<string, string> | undefined;

  constructor(
    readonly request: EdgeRequest,
    readonly response?: Head,
  ) {
    this.sentPath = request.path;
    this.uri = this.originUri = merged(request.path);
    this.path = this.originPath = pathForRules(request.path);
    this.lowerPath = this.path.toLowerCase();
    this.originQuery = request.query;
  }

  /** The same with another response, for what reads its headers. */
  withResponse(response: Head): Context {
    return Object.assign(Object.create(this), { response }) as Context;
  }

  /** Set the URL under which the request is looked up. */
  rewrite(path: string, query: string): void {
    this.sentPath = path;
    this.originUri = merged(path);
    this.originPath = pathForRules(path);
    this.originQuery = query;
    this.known = undefined;
  }

  header(name: string): string | undefined {
    return get(this.request.headers, name) ?? (name === 'host' ? this.request.host : undefined);
  }

  responseHeader(name: string): string | undefined {
    return this.response && get(this.response.headers, name);
  }

  /** Of two cookies with one name the first. */
  get cookies(): Map<string, string> {
    if (this.jar) return this.jar;
    this.jar = new Map();
    for (const part of (this.header('cookie') ?? '').split(';')) {
      const pair = part.trim();
      const at = pair.indexOf('=');
      if (at > 0 && !this.jar.has(pair.slice(0, at))) this.jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return this.jar;
  }

  /** The first value of a parameter of the rewritten query, decoded. */
  parameter(name: string): string | undefined {
    if (!this.known) {
      this.known = new Map();
      for (const part of this.originQuery.split('&'))
        if (part && !this.known.has(parameterName(part)))
          this.known.set(parameterName(part), unquotePlus(parameterValue(part)));
    }
    return this.known.get(unquotePlus(name));
  }

  get headers(): Fields {
    return this.request.headers;
  }

  /** A whole number from 0 to the given one, drawn once for each request. */
  random(most: number): string {
    const { drawn } = this.request;
    if (!drawn.has(most)) drawn.set(most, String(Math.floor(Math.random() * (most + 1))));
    return drawn.get(most) ?? '0';
  }
}
