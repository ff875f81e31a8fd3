import { Visibility } from '../links/visibility.js';
import { options } from '../window/options.js';

/** What to do for each element that is waited for. */
const callbacks = new Map<Element, () => void>();
let visibility: Visibility | undefined;

/** Call back once, when an element has been visible for the usual while; the result stops waiting. */
export function onVisible(element: Element, callback: () => void): () => void {
  visibility ??= new Visibility(onVisibleElement, () => options.dwellMilliseconds);
  callbacks.set(element, callback);
  visibility.observe(element);
  return () => {
    callbacks.delete(element);
    visibility?.forget(element);
  };
}

function onVisibleElement(element: Element): void {
  const callback = callbacks.get(element);
  callbacks.delete(element);
  callback?.();
}
