/** An element without size is looked at again after this time, each time later, and so often. */
const LOOK_AGAIN_MILLISECONDS = 1000;
const LOOKS = 4;

/** Calls back for each element once it has been visible for a while; leaving in between starts anew. */
export class Visibility {
  readonly #timers = new Map<Element, ReturnType<typeof setTimeout>>();
  readonly #looks = new WeakMap<Element, number>();
  readonly #observer: IntersectionObserver;

  /**
   * @param callback Called once per element.
   * @param dwell Returns the milliseconds that an element has to stay visible; called for each element.
   */
  constructor(callback: (element: Element) => void, dwell = (): number => 0) {
    const seen = (element: Element): void => {
      this.forget(element);
      callback(element);
    };
    // A threshold above 0 also reports an element that appears and becomes visible in the same moment.
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting, boundingClientRect } of entries) {
          this.#stop(target);
          if (!isIntersecting) continue;
          const hasSize = boundingClientRect.width && boundingClientRect.height;
          if (hasSize) this.#timers.set(target, setTimeout(seen, dwell(), target));
          else this.#lookAgain(target);
        }
      },
      { threshold: 0.01 },
    );
  }

  /** Starts to look at an element, as if for the first time. */
  observe(element: Element): void {
    this.forget(element);
    this.#observer.observe(element);
  }

  /** Stops looking at an element. */
  forget(element: Element): void {
    this.#stop(element);
    this.#observer.unobserve(element);
  }

  /** An observer says nothing when an element that it sees wholly grows, such as a link around an image to come. */
  #lookAgain(element: Element): void {
    const looks = this.#looks.get(element) ?? 0;
    this.#looks.set(element, looks + 1);
    const again = (): void => this.observe(element);
    if (looks < LOOKS) this.#timers.set(element, setTimeout(again, LOOK_AGAIN_MILLISECONDS * 2 ** looks));
  }

  #stop(element: Element): void {
    clearTimeout(this.#timers.get(element));
    this.#timers.delete(element);
  }
}
