import { FakePage, type FakePageOptions } from './fakePage.js';

/** The module that pages import. */
export type PageModule = typeof import('../window/index.js');

/** Loads the page's module into a new fake page. */
export async function openPage(options?: FakePageOptions): Promise<{ page: FakePage } & PageModule> {
  const page = new FakePage(options);
  const module = await import('../window/index.js');
  return { page, ...module };
}
