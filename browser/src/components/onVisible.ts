/** Callbacks of the elements that are being watched. */
const waiting = new Map<Element, () => void>();
let observer: IntersectionObserver | undefined;

/**
 * Call back once, when an element is visible; returns a function that stops waiting.
 *
 * One observer serves all elements. An element without size is never visible.
 */
export function onVisible(element: Element, callback: () => void): () => void {
  observer ??= new IntersectionObserver(tell, { threshold: 0.01 });
  waiting.set(element, callback);
  observer.observe(element);
  return () => stop(element);
}

function tell(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting, boundingClientRect: box } of entries) {
    if (!isIntersecting || box.width * box.height === 0) continue;
    const callback = waiting.get(target);
    stop(target);
    callback?.();
  }
}

function stop(element: Element): void {
  waiting.delete(element);
  observer?.unobserve(element);
}
