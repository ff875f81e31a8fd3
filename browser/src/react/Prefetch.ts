import {
  Children,
  cloneElement,
  forwardRef,
  type ReactElement,
  type Ref,
  type RefAttributes,
  version,
} from 'react';
import { linkDataURL } from '../next/linkDataURL.js';
import { warn } from '../window/log.js';
import { mergeProps, type Props } from './mergeProps.js';
import { useMergedRef } from './useMergedRef.js';
import { type UsePrefetchOptions, usePrefetchOf } from './usePrefetch.js';

export interface PrefetchProps extends UsePrefetchOptions {
  /** What to prefetch, or a function of the link's `href`. Default: Next's data URL, else the `href`. */
  url?: string | ((href: string | undefined) => string | undefined) | undefined;
  /** The link's `href` where the child has none; Next's `Link` with `passHref` sets it. */
  href?: string | undefined;
  /** Exactly one element, the link. */
  children: ReactElement;
}

/**
 * Prefetches what is behind a link when the link becomes visible.
 *
 *     <Prefetch url={`/api/products/${product.id}.json`}>
 *       <a href={`/products/${product.id}`}>{product.name}</a>
 *     </Prefetch>
 *
 * Without `url` it is what the link leads to, by the `href` that it has in the page: a router's link may be the child.
 * Props that it does not know, such as the handlers that a router's link adds, go on to the child.
 */
export const Prefetch = /* @__PURE__ */ forwardRef<Element, PrefetchProps>(function Prefetch(props, ref) {
  const {
    url,
    href: givenHref,
    children,
    immediately,
    prefetchAs,
    cors,
    maxAgeSeconds,
    includeCacheMisses,
    forcePrefetchRatio,
    method,
    body,
    ...others
  } = props;
  const child = Children.only(children) as ReactElement<Props>;
  const href = (child.props.href as string | undefined) ?? givenHref;
  // A router's link knows its target by other props; the page has what it made of them.
  const urlOf = (element: Element | undefined): string | undefined =>
    targetOf(url, element?.getAttribute('href') ?? href, element);
  const prefetchRef = usePrefetchOf(urlOf, {
    immediately,
    prefetchAs,
    cors,
    maxAgeSeconds,
    includeCacheMisses,
    forcePrefetchRatio,
    method,
    body,
  });
  const merged = useMergedRef(prefetchRef, ref, refOf(child));
  return cloneElement(child, { ...mergeProps(child.props, others), ...(href && { href }), ref: merged });
});

function targetOf(
  url: PrefetchProps['url'],
  href: string | undefined,
  element: Element | undefined,
): string | undefined {
  if (typeof url === 'function') return url(href);
  if (url ?? href) return url ?? linkDataURL(href as string) ?? href;
  if (element) warn('<Prefetch> prefetches nothing: it has no url, and its link has no href in the page');
  return undefined;
}

/** React 19 keeps the ref among the props, React 18 beside them. */
function refOf(child: ReactElement): Ref<Element> | undefined {
  const holder = Number.parseInt(version, 10) >= 19 ? child.props : child;
  return (holder as RefAttributes<Element>).ref;
}
