import type { Watch } from '../core/pageTypes.js';
import { eachTree } from './treeWalk.js';
import { Visibility } from './visibility.js';

/** Calls back once for each element that becomes visible, present or added later. Throws for an invalid selector. */
export function watchElements({ selector, callback }: Watch): void {
  const done = new WeakSet<Element>();
  const visibility = new Visibility((element) => {
    done.add(element);
    callback(element);
  });
  const look = (element: Element): void => {
    if (!done.has(element)) visibility.observe(element);
  };
  const changes = new MutationObserver((records) => {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) eachTree(node, scan);
    }
  });
  function scan(tree: ParentNode): void {
    if (tree instanceof Element && tree.matches(selector)) look(tree);
    tree.querySelectorAll(selector).forEach(look);
    if (!(tree instanceof Element)) changes.observe(tree, { childList: true, subtree: true });
  }
  eachTree(document, scan);
}
