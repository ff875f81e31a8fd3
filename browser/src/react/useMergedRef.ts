import { type Ref, type RefCallback, useCallback } from 'react';

/** One ref that sets up to three. */
export function useMergedRef<T>(first: Ref<T>, second?: Ref<T>, third?: Ref<T>): RefCallback<T> {
  return useCallback(
    (value: T | null) => {
      for (const ref of [first, second, third]) {
        if (typeof ref === 'function') ref(value);
        else if (ref) ref.current = value;
      }
    },
    [first, second, third],
  );
}
