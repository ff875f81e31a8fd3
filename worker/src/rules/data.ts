/** The rules as data: what `prefetchrouter build --target worker` writes into `worker.js`. */

/** An expression: its source, and its flags. */
export type Expression = readonly [source: string, flags: string];

/** What is read: kind and name, or these with what stands in, what comes before, and what counts as nothing. */
export type Reading =
  | string
  | readonly [
      string,
      missing: string | null,
      otherwise: Reading | null,
      before: string,
      empty: string | null,
    ];

/** A text with variables: author's texts, and placeholders. */
export type Template = string | readonly (string | Placeholder)[];
/** What is read, the name of the variable, and what becomes of its value. */
export type Placeholder = readonly [
  reading: Reading,
  name: string,
  operator: string,
  ...operands: (string | number | Expression | null)[],
];

/** An atomic test of one or more variables. */
export type Test =
  | readonly ['in', reading: Reading, texts: readonly string[], ignoresCase?: 1]
  | readonly ['match', reading: Reading, expression: Expression]
  | readonly ['net', reading: Reading, networks: readonly string[], texts: readonly string[]]
  | readonly ['number', reading: Reading, value: number]
  | readonly ['order', operator: string, sides: readonly (Reading | number | null)[]]
  | readonly ['two', likeness: string, left: Reading, right: Reading];

/** A test by its number, or `and`, `or` and `not` of others. */
export type Condition = number | readonly ['and' | 'or' | 'not', ...Condition[]];

/** A leaf by its number, or the arms of a chain; the last may be without a condition. */
export type Step = number | readonly (readonly [Condition | null, readonly Step[]])[];

/** What a rule sets, value by value; `1` marks what is gathered. */
export interface LeafData {
  readonly line?: string;
  readonly set: readonly (readonly [key: string, value: unknown, gathers?: 1])[];
}

/** A host of an origin; `bind` is the binding of `workerd` by which requests keep their Host. */
export interface HostData {
  readonly scheme: string;
  readonly name: string;
  readonly port?: number;
  readonly header?: string;
  readonly bind?: string;
}

export interface OriginData {
  readonly hosts: readonly HostData[];
  readonly turns?: 1;
  readonly retry?: { codes: number[]; most: number; wait: number; after: number; ignores?: 1 };
}

export interface FileData {
  readonly type: string;
  readonly tag: string;
  readonly cache: string;
  readonly search?: string;
  readonly text: string;
}

export interface SiteData {
  readonly scheme: string;
  readonly host?: string;
  readonly hostnames?: Readonly<Record<string, string | null>>;
  /** Facts about each visitor. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly allowsForeign?: 1;
  readonly keepsSlashes?: 1;
  readonly keepsParameters?: 1;
  readonly cacheStatus?: 'on' | 'debug' | 'off';
  /** How long an origin may take until the head of its response. */
  readonly answerSeconds: number;
}

export interface Data {
  readonly site: SiteData;
  readonly tests: readonly Test[];
  readonly leaves: readonly LeafData[];
  readonly rules: readonly (readonly Step[])[];
  /**
   * The numbers of the rules for the first segments of a path, in lower case and joined with slashes; the longest
   * that is listed counts, and those for any path are in all.
   */
  readonly index: Readonly<Record<string, readonly number[]>>;
  /** How many segments the longest of these are; 1 when not given. */
  readonly depth?: number;
  readonly anywhere: readonly number[];
  readonly origins: Readonly<Record<string, OriginData>>;
  readonly spoofable: readonly [names: readonly string[], starts: readonly string[]];
  readonly files: Readonly<Record<string, FileData>>;
  /** Whether any rule reads the response. */
  readonly needsResponse?: 1;
  readonly version: string;
}

/** A rewrite or redirect: how its source is matched, and where it leads. */
export interface Substitution {
  /** Where it leads: the author's texts, and placeholders. */
  readonly to: readonly (string | Placeholder)[];
  /** Whether parts are `:names` rather than `$1`. */
  readonly named?: 1;
  /** The source with the names of its groups, or undefined if every request matches. */
  readonly from?: readonly [source: string, flags: string, ...names: string[]];
  /** The same without the parts for a slash and a query that a helper has added. */
  readonly page?: readonly [source: string, flags: string, ...names: string[]];
  /** Whether the source itself asks for a query. */
  readonly asksQuery?: 1;
  /** Whether a part of the page may take the query in. */
  readonly takesQuery?: 1;
  /** Whether the destination says itself what becomes of the query. */
  readonly saysQuery?: 1;
  readonly code?: number;
}
