/** Finds links in documents and shadow roots, now and when they are added or changed. */
import type { Options } from '../core/pageTypes.js';
import { BOXES, look, lookAnew } from './sight.js';
import { eachTree, isShownIn, LINKS } from './treeWalk.js';

let changes: MutationObserver;

function scan(tree: ParentNode, { el }: Options): void {
  const found = (box: Element): void => {
    if (!el || isShownIn(box, el)) look(box);
  };
  if (tree instanceof Element) {
    if (tree.matches(BOXES)) found(tree);
  } else {
    // Documents and shadow roots.
    changes.observe(tree, { childList: true, subtree: true, attributeFilter: ['href'] });
  }
  tree.querySelectorAll(BOXES).forEach(found);
}

/** Looks at all links below a node. */
export const scanAll = (tree: ParentNode, options: Options): void =>
  eachTree(tree, (one) => scan(one, options));

function see({ target, addedNodes }: MutationRecord, options: Options): void {
  const { disabled, attributes = true } = options.observe;
  const link = (target as Element).closest?.(LINKS);
  if (!addedNodes.length) {
    if (link === target && attributes) lookAnew(link);
    return;
  }
  if (disabled) return;
  // What is added may give its link a size.
  if (link) look(link);
  for (const node of addedNodes) if (node instanceof Element) scanAll(node, options);
}

/** Starts to watch what changes, in all that is scanned from now on. */
export function watchChanges(options: Options): void {
  changes = new MutationObserver((records) => {
    for (const record of records) see(record, options);
  });
}
