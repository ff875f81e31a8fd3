/** For tests of components: visibility that a test decides on. */
import { vi } from 'vitest';
import { options } from '../window/options.js';

const observed = new Map<Element, IntersectionObserverCallback>();

/** Replace IntersectionObserver by one that sees what `show()` says, and that at once. */
export function stubVisibility(): void {
  observed.clear();
  options.dwellMilliseconds = 0;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(private readonly callback: IntersectionObserverCallback) {}
      observe(element: Element): void {
        observed.set(element, this.callback);
      }
      unobserve(element: Element): void {
        observed.delete(element);
      }
    },
  );
}

/** Let an element become visible; resolves when its callbacks have run. */
export async function show(element: Element | null): Promise<void> {
  const boundingClientRect = { width: 10, height: 10 };
  const entry = { target: element, isIntersecting: true, boundingClientRect } as IntersectionObserverEntry;
  if (element) observed.get(element)?.([entry], {} as IntersectionObserver);
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** How many elements are being observed. */
export const observedCount = (): number => observed.size;
