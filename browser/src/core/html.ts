/** What the worker and the page say to each other about an HTML document. */

/** A request for the elements of a document that match selectors. */
export interface HtmlQuery {
  /** The document's text. */
  html: string;
  /** Where it came from. */
  url: string;
  selectors: readonly HtmlSelector[];
}

export interface HtmlSelector {
  selector: string;
  /** Pass over elements without this attribute. */
  attribute?: string | undefined;
  /** Stop after that many elements. */
  limit?: number | undefined;
}

export interface HtmlAnswer {
  /** What relative URLs of the document resolve against: its own URL, or its `<base href>`. */
  baseURL: string;
  /** For each selector the elements in document order, or the error of an invalid one. */
  found: (ElementFacts[] | { error: string })[];
}

/** What is left of an element after the trip from the page to the worker. */
export interface ElementFacts {
  name: string;
  attributes: Record<string, string>;
  text: string;
  html: string;
}
