/** Everything that navigates when it is activated. */
export const LINKS = 'a[href],area[href],svg a';

/** Elements that hold no shadow root and that pages have many of. */
const NO_HOSTS = ':not(a,area,b,br,em,i,img,input,li,option,path,strong,svg,td,tr,ul)';

/** Whether a node is in another one, as a page shows them: through slots and shadow roots. */
export const isShownIn = (node: Node | null | undefined, element: Node): boolean =>
  node === element ||
  (!!node &&
    isShownIn((node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host, element));

/** The link that an event is about, in a shadow root or not. */
export const linkOf = (event: Event): Element | undefined =>
  event.composedPath().find((node) => node instanceof Element && node.matches(LINKS)) as Element | undefined;

/** Calls back for a tree and each open shadow root in it, also of custom elements that are defined later. */
export function eachTree(tree: ParentNode, callback: (tree: ParentNode) => void): void {
  callback(tree);
  for (const element of [tree as Element, ...tree.querySelectorAll(NO_HOSTS)]) {
    const { shadowRoot, localName } = element;
    if (shadowRoot) eachTree(shadowRoot, callback);
    else if (localName?.includes('-') && element.matches(':not(:defined)')) {
      const open = (): void => {
        if (element.shadowRoot) eachTree(element.shadowRoot, callback);
      };
      customElements.whenDefined(localName).then(open);
    }
  }
}
