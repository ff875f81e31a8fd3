/** One tab on a site: what a visitor does, and what the page says on its console. */
import type { Browser, EvaluateFunc, Page } from 'puppeteer-core';

export class Visit {
  /** Lines of the page's console, uncaught errors included. */
  readonly console: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => this.console.push(message.text()));
    page.on('pageerror', (error) => this.console.push(String(error)));
  }

  /** Open a tab; `before` runs in the page ahead of all its scripts. */
  static async open(browser: Pick<Browser, 'newPage'>, url: string, before?: () => void): Promise<Visit> {
    const visit = new Visit(await browser.newPage());
    if (before) await visit.page.evaluateOnNewDocument(before);
    await visit.page.goto(url, { waitUntil: 'domcontentloaded' });
    return visit;
  }

  close(): Promise<void> {
    return this.page.close();
  }

  /** Wait until a service worker controls the page. */
  async controlled(): Promise<this> {
    await this.until(() => navigator.serviceWorker.controller !== null);
    return this;
  }

  /** Wait until a condition holds in the page; it is asked every 20 ms. */
  async until<Args extends unknown[]>(condition: EvaluateFunc<Args>, ...args: Args): Promise<void> {
    await this.page.waitForFunction(condition, { polling: 20, timeout: 15_000 }, ...args);
  }

  /** Wait until the worker's store holds a response for each target. */
  stored(...targets: string[]): Promise<void> {
    return this.until(async (wanted) => {
      const found = await Promise.all(wanted.map((target) => caches.match(target, { ignoreVary: true })));
      return found.every(Boolean);
    }, targets);
  }

  /** Whether the worker's store holds a response for a target. */
  holds(target: string): Promise<boolean> {
    return this.page.evaluate(
      async (wanted) => Boolean(await caches.match(wanted, { ignoreVary: true })),
      target,
    );
  }

  /**
   * Wait until every visible link had its turn: an element that came after them has been visible just as
   * long, and the browser was idle twice since.
   */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const { Edgio } = window as unknown as { Edgio: { install: (options: object) => Promise<void> } };
      const last = document.body.appendChild(document.createElement('p'));
      last.id = 'last';
      last.textContent = 'last';
      last.scrollIntoView();
      await new Promise((callback) => void Edgio.install({ watch: [{ selector: '#last', callback }] }));
      for (let idle = 0; idle < 2; idle++) {
        await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 500 }));
      }
      last.remove();
    });
  }

  /** Click a link and wait for the page behind it; returns that page's heading. */
  async follow(href: string): Promise<string> {
    const arrived = this.page.waitForNavigation({ waitUntil: 'domcontentloaded' });
    await this.page.click(`a[href="${href}"]`);
    await arrived;
    return this.heading();
  }

  /** Reload as with the shift key held: past the service worker, which then does not control the page. */
  async reloadPastWorker(): Promise<void> {
    const loaded = this.page.waitForNavigation({ waitUntil: 'domcontentloaded' });
    if ((await this.page.browser().version()).startsWith('Chrome')) {
      const session = await this.page.createCDPSession();
      await session.send('Page.reload', { ignoreCache: true });
    } else {
      await this.page.evaluate('location.reload(true)');
    }
    await loaded;
  }

  heading(): Promise<string> {
    return this.page.evaluate(() => document.querySelector('h1')?.textContent ?? '');
  }

  /** Add HTML at the end of the body. */
  async append(markup: string): Promise<void> {
    await this.page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), markup);
  }
}
