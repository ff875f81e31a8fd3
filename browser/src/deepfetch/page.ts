import type { ElementFacts, HtmlAnswer, HtmlQuery, HtmlSelector } from '../core/html.js';

/**
 * Answer a worker's question about an HTML document with the parser that every page has.
 *
 * The document is inert: no script of it runs and nothing in it is loaded.
 */
export function queryHtml({ html, url, selectors }: HtmlQuery): HtmlAnswer {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const base = parsed.querySelector('base[href]')?.getAttribute('href');
  return {
    baseURL: resolve(base ?? '', url),
    found: selectors.map((selector) => find(parsed, selector)),
  };
}

function find(parsed: Document, { selector, attribute, limit }: HtmlSelector): HtmlAnswer['found'][number] {
  try {
    return [...parsed.querySelectorAll(selector)]
      .filter((element) => !attribute || element.getAttribute(attribute))
      .slice(0, limit)
      .map(facts);
  } catch (error) {
    return { error: String(error) };
  }
}

function facts(element: Element): ElementFacts {
  return {
    name: element.localName,
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    text: element.textContent,
    html: element.innerHTML,
  };
}

function resolve(base: string, url: string): string {
  try {
    return new URL(base, url).href;
  } catch {
    return url;
  }
}
