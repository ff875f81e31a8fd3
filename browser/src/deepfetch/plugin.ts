import type { ElementFacts, HtmlAnswer, HtmlQuery } from '../core/html.js';
import type { Arrival, PrefetcherPlugin } from '../sw/types.js';
import type { DeepFetchConfig, DeepFetchHtmlConfig, DeepFetchJsonConfig } from './config.js';
import { foundElement, wrapElement } from './element.js';
import { compileQuery } from './jsonQuery.js';

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;
const HTML_TYPE = /^(?:text\/html|application\/xhtml\+xml)\b/i;

/** How many deep fetched URLs are remembered, so that their responses are not searched in turn. */
const REQUESTED_LIMIT = 1_000;

interface JsonSearch {
  config: DeepFetchJsonConfig;
  find: (data: unknown) => unknown;
}

/**
 * Prefetches what a prefetched document will need: images, styles, data.
 *
 *     new Prefetcher({
 *       plugins: [new DeepFetchPlugin([{ selector: 'img.hero', maxMatches: 1, as: 'image' }])],
 *     }).route();
 *
 * JSON is searched in the worker; HTML is searched by the parser of the page that started the prefetch. What
 * deep fetch brings is not deep fetched again. A config that cannot be used is reported on the
 * console and never ends the others.
 */
export class DeepFetchPlugin implements PrefetcherPlugin {
  readonly #json: JsonSearch[] = [];
  readonly #html: DeepFetchHtmlConfig[] = [];
  readonly #requested = new Set<string>();

  constructor(configs: readonly DeepFetchConfig[] = []) {
    for (const config of configs) guard(config, () => this.#add(config));
  }

  #add(config: DeepFetchConfig): void {
    if ('jsonQuery' in config) {
      this.#json.push({ config, find: compileQuery(config.jsonQuery, config.jsonQueryOptions) });
    } else if ('selector' in config) {
      this.#html.push(config);
    } else {
      throw new TypeError('a config needs jsonQuery or selector');
    }
  }

  async prefetched(arrival: Arrival): Promise<void> {
    if (this.#requested.delete(arrival.url)) return;
    const type = arrival.response.headers.get('content-type') ?? '';
    if (JSON_TYPE.test(type) && this.#json.length) await this.#searchJson(arrival);
    if (HTML_TYPE.test(type) && this.#html.length) await this.#searchHtml(arrival);
  }

  async #searchJson(arrival: Arrival): Promise<void> {
    const data: unknown = await arrival.response.json();
    for (const { config, find } of this.#json) {
      guard(config, () => this.#ask(arrival, arrival.url, config, strings(find(data))));
    }
  }

  async #searchHtml(arrival: Arrival): Promise<void> {
    const query: HtmlQuery = {
      html: await arrival.response.text(),
      url: arrival.url,
      selectors: this.#html.map(({ selector, attribute = 'src', maxMatches, callback }) => ({
        selector,
        attribute: callback ? undefined : attribute,
        limit: maxMatches,
      })),
    };
    const answer = (await arrival.askPage({ action: 'query-html', query })) as HtmlAnswer | undefined;
    if (!answer) return;
    for (const [index, config] of this.#html.entries()) {
      const found = answer.found[index];
      guard(config, () => {
        if (!Array.isArray(found)) throw new SyntaxError(found?.error);
        if (config.callback) this.#call(arrival, config, found);
        else this.#ask(arrival, answer.baseURL, config, urlsOf(config, found));
      });
    }
  }

  #call({ url }: Arrival, config: DeepFetchHtmlConfig, found: ElementFacts[]): void {
    for (const facts of found) {
      const el = foundElement(facts);
      guard(config, () => config.callback?.({ $el: wrapElement(el), el, $: wrapElement, srcURL: url }));
    }
  }

  #ask(arrival: Arrival, base: string, { as, cors, maxMatches }: DeepFetchConfig, urls: string[]): void {
    const options = cors === undefined ? undefined : { cors };
    for (const url of new Set(urls.slice(0, maxMatches).flatMap((url) => absolute(url, base) ?? []))) {
      if (this.#requested.size >= REQUESTED_LIMIT) this.#requested.clear();
      this.#requested.add(url);
      void arrival.prefetch(url, as, options).catch((error: unknown) => warn(url, error));
    }
  }
}

function strings(value: unknown): string[] {
  if (value == null) return [];
  const list = Array.isArray(value) ? value : [value];
  const urls = list.filter((entry) => typeof entry === 'string' && entry !== '');
  if (list.length && !urls.length) throw new TypeError('the query found no string');
  return urls;
}

function urlsOf({ attribute = 'src' }: DeepFetchHtmlConfig, found: ElementFacts[]): string[] {
  if (found.some(({ name }) => name === 'a')) {
    throw new TypeError('links are separate pages; deep fetch is for what one page needs');
  }
  return found.map(({ attributes }) => attributes[attribute] ?? '');
}

/** The URL without its fragment; undefined for what cannot be fetched over HTTP. */
function absolute(url: string, base: string): string | undefined {
  try {
    const resolved = new URL(url, base);
    resolved.hash = '';
    return resolved.protocol.startsWith('http') ? resolved.href : undefined;
  } catch {
    return undefined;
  }
}

/** Run one config's work; what it throws, now or later, ends up on the console. */
function guard(config: DeepFetchConfig, work: () => unknown): void {
  const { selector, jsonQuery } = (config ?? {}) as Partial<DeepFetchHtmlConfig & DeepFetchJsonConfig>;
  void (async () => work())().catch((error: unknown) => warn(selector ?? jsonQuery ?? config, error));
}

function warn(what: unknown, error: unknown): void {
  console.warn(`prefetch: deep fetch ${JSON.stringify(what)} was skipped: ${String(error)}`);
}
