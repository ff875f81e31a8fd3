const LOOK_AGAIN_MILLISECONDS = 1000;

/** Calls back for each element once it has been visible for a while; leaving in between starts anew. */
export class Visibility {
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
  readonly #done = new WeakSet<Element>();
  readonly #observer: IntersectionObserver;

  /**
   * @param callback Called once per element.
   * @param dwell Returns the milliseconds that an element has to stay visible; called for each element.
   */
  constructor(callback: (element: Element) => void, dwell: () => number) {
    const seen = (element: Element): void => {
      this.#done.add(element);
      this.forget(element);
      callback(element);
    };
    // An observer says nothing when an element that it sees wholly grows, such as a link around an image to come.
    const lookAgain = (element: Element): void => {
      this.forget(element);
      this.#observer.observe(element);
    };
    // A threshold above 0 also reports an element that appears and becomes visible in the same moment.
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, boundingClientRect } of entries) {
          this.#stop(target);
          if (!isIntersecting) continue;
          const hasSize = boundingClientRect.width && boundingClientRect.height;
          const [next, delay] = hasSize ? [seen, dwell()] : [lookAgain, LOOK_AGAIN_MILLISECONDS];
          this.#timers.set(target, setTimeout(next, delay, target));
        }
      },
      { threshold: 0.01 },
    );
  }

  /** Starts to look at an element, unless it has been seen. */
  observe(element: Element): void {
    if (!this.#done.has(element)) this.#observer.observe(element);
  }

  /** Stops looking at an element. */
  forget(element: Element): void {
    this.#stop(element);
    this.#observer.unobserve(element);
  }

  /** Looks at an element as if for the first time. */
  renew(element: Element): void {
    this.forget(element);
    this.#done.delete(element);
    this.observe(element);
  }

  #stop(element: Element): void {
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }
}
