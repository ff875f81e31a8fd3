import { vi } from 'vitest';

type Callback = (entries: object[]) => void;

/** What an observer gets for one element. */
export interface Sight {
  target: Element;
  isIntersecting: boolean;
  width?: number;
}

/** An IntersectionObserver whose elements become visible when a test says so. */
export class FakeIntersectionObserver {
  static all: FakeIntersectionObserver[] = [];
  readonly observed = new Set<Element>();
  readonly #callback: Callback;

  static install(): void {
    FakeIntersectionObserver.all = [];
    vi.stubGlobal('IntersectionObserver', FakeIntersectionObserver);
  }

  /** Notifies all observers of these elements, in one batch. */
  static see(...sights: Sight[]): void {
    for (const observer of FakeIntersectionObserver.all) {
      const entries = sights
        .filter(({ target }) => observer.observed.has(target))
        .map(({ target, isIntersecting, width = 10 }) => ({
          target,
          isIntersecting,
          boundingClientRect: { width, height: 10 },
        }));
      if (entries.length) observer.#callback(entries);
    }
  }

  /** Makes elements visible. */
  static show(...targets: Element[]): void {
    FakeIntersectionObserver.see(...targets.map((target) => ({ target, isIntersecting: true })));
  }

  constructor(callback: Callback) {
    this.#callback = callback;
    FakeIntersectionObserver.all.push(this);
  }

  observe(element: Element): void {
    this.observed.add(element);
  }

  unobserve(element: Element): void {
    this.observed.delete(element);
  }
}
