/** How likely links are opened from this page, as learned from logs. */
import { type Likely, likelyNext } from '../links/likely.js';

/** What was learned of the page that is open; a single-page app opens many. */
export class LearnedLinks {
  readonly #root: string;
  readonly #onLoad: () => void;
  #page: string | undefined;
  #likely: Likely | undefined;

  /**
   * @param root Origin, and folder if any, of the site's own files.
   * @param onLoad Called when more is known.
   */
  constructor(root: string, onLoad: () => void) {
    this.#root = root;
    this.#onLoad = onLoad;
  }

  /** Loads what is known of the page, when that is another one. */
  #follow(): void {
    const page = location.pathname + location.search;
    if (page === this.#page) return;
    this.#page = page;
    this.#likely = undefined;
    void likelyNext(this.#root, page).then((likely) => {
      if (page !== this.#page || !likely) return;
      this.#likely = likely;
      this.#onLoad();
    });
  }

  /** How likely a URL is opened next, such as `35 %`, or undefined if nothing was learned of the page. */
  percent(url: string): string | undefined {
    this.#follow();
    if (!this.#likely || !url.startsWith(`${location.origin}/`)) return undefined;
    return `${Math.round((this.#likely[url.slice(location.origin.length)] ?? 0) * 100)} %`;
  }

  /** The same as the end of a sentence. */
  sentence(url: string): string {
    const percent = this.percent(url);
    if (!percent) return '';
    return percent === '0 %'
      ? '; not learned as likely'
      : `; opened next from here with a likelihood of about ${percent}`;
  }
}
