import type { ElementFacts } from '../core/html.js';

/** One element of a fetched document: its tag, its attributes and its content, without a tree around it. */
export interface FoundElement {
  /** Tag name in lower case. */
  readonly name: string;
  /** Attributes by name. */
  readonly attribs: Readonly<Record<string, string>>;
  getAttribute(name: string): string | null;
  readonly textContent: string;
  readonly innerHTML: string;
}

/** A small wrapper with the reading half of what jQuery-like libraries offer for one element. */
export interface WrappedElement {
  readonly 0: FoundElement;
  readonly length: 1;
  /** The value of an attribute, or `undefined` if it is not there. */
  attr(name: string): string | undefined;
  /** The text inside. */
  text(): string;
  /** The markup inside. */
  html(): string;
  hasClass(name: string): boolean;
}

export function foundElement({ name, attributes, text, html }: ElementFacts): FoundElement {
  return {
    name,
    attribs: attributes,
    getAttribute: (attribute) => attributes[attribute] ?? null,
    textContent: text,
    innerHTML: html,
  };
}

/** Wrap an element. The worker has no document: for other elements there are other configs. */
export function wrapElement(element: FoundElement): WrappedElement {
  if (typeof element?.attribs !== 'object') {
    throw new TypeError(
      '$ wraps the element of a callback; for other elements add a config with their selector',
    );
  }
  return {
    0: element,
    length: 1,
    attr: (name) => element.attribs[name],
    text: () => element.textContent,
    html: () => element.innerHTML,
    hasClass: (name) => (element.attribs.class ?? '').split(/\s+/).includes(name),
  };
}
