import {
  Comment,
  defineComponent,
  getCurrentInstance,
  onBeforeUnmount,
  onMounted,
  onUpdated,
  type PropType,
} from 'vue';
import { onVisible } from '../components/onVisible.js';
import { prefetch } from '../components/prefetch.js';
import type { PrefetchAs, PrefetchConfiguration } from '../core/types.js';
import { warn } from '../window/log.js';

type URLSource = string | Promise<string> | ((href: string | undefined) => string | Promise<string>);

/**
 * Prefetches what is behind a link when the link becomes visible.
 *
 *     <Prefetch url="/api/for/some/page">
 *       <router-link to="/some/page">Some page</router-link>
 *     </Prefetch>
 *
 * Without `url` it is the `href` that the link has in the page, so `to` may be anything a router takes.
 */
export const Prefetch = /* @__PURE__ */ defineComponent({
  // biome-ignore lint/style/useVueMultiWordComponentNames: the name that the guide uses
  name: 'Prefetch',
  props: {
    /** What to prefetch, or a function of the link's `href`. */
    url: { type: [String, Function, Promise] as PropType<URLSource> },
    /** Prefetch at mount instead of when the link is visible. */
    immediately: Boolean,
    /** What the response will be used as. */
    prefetchAs: { type: String as PropType<PrefetchAs>, default: 'fetch' },
    cors: { type: [Boolean, String] as PropType<PrefetchConfiguration['cors']>, default: undefined },
    maxAgeSeconds: Number,
    includeCacheMisses: { type: Boolean, default: undefined },
    forcePrefetchRatio: Number,
  },
  setup(props, { slots }) {
    const instance = getCurrentInstance();
    let stop: (() => void) | undefined;
    let last: string | undefined;

    function start(): void {
      stop?.();
      const root: unknown = instance?.proxy?.$el;
      const element = root instanceof Element ? root : undefined;
      const run = (): void => void load(element).catch((error: unknown) => warn(`<Prefetch>: ${error}`));
      if (props.immediately || !element) run();
      else stop = onVisible(element, run);
    }

    async function load(element: Element | undefined): Promise<void> {
      const href = element?.getAttribute('href') ?? undefined;
      const url = await (typeof props.url === 'function' ? props.url(href) : (props.url ?? href));
      if (!url || url === last) return;
      last = url;
      const { prefetchAs, cors, maxAgeSeconds, includeCacheMisses, forcePrefetchRatio } = props;
      prefetch(url, prefetchAs, { cors, maxAgeSeconds, includeCacheMisses, forcePrefetchRatio });
    }

    onMounted(start);
    onUpdated(start);
    onBeforeUnmount(() => stop?.());
    return () => slots.default?.().find((child) => child.type !== Comment);
  },
});

export default Prefetch;
