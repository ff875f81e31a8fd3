"""Whether a browser may prefetch a URL, and if not, why: the rule of the cache manifest."""

from __future__ import annotations

from typing import Any, NamedTuple

from prefetchrouter.catalog import Key, keys
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.source import Source


class PrefetchRefusal(NamedTuple):
    """Why browsers may not prefetch a URL.

    Args:
        text: The reason, with the line of the value that forbids it.
        missing: The feature that prefetching needs and no matching rule sets; None for other reasons.
    """

    text: str
    missing: Key[Any] | None = None


def prefetch_refusal(context: RequestContext, merged: Merged) -> PrefetchRefusal | None:
    """Return the first reason why a URL is not prefetchable, or None if it is.

    It is when `max_age` is set in any form, `service_worker_max_age` is more than zero seconds and
    `bypass_cache` is not true; `docs/manifest.md` says why just these.

    Args:
        context: The request.
        merged: The merged values of the features that apply.
    """
    if context.method != "GET":
        return PrefetchRefusal(f"the method is {context.method}: only GET is prefetched")
    if context.refusal is not None:
        return PrefetchRefusal(f"the edge refuses it with 400: {context.refusal.message}")
    if not merged.leaves:
        return PrefetchRefusal("no rule matches")
    start = f"{keys.caching.max_age}."
    if not any(key.startswith(start) for key in merged):
        return _missing(keys.caching.max_age)
    lifetime = merged.value(keys.caching.service_worker_max_age)
    if lifetime is None:
        return _missing(keys.caching.service_worker_max_age)
    if lifetime.seconds <= 0:
        return _forbidding(keys.caching.service_worker_max_age, merged)
    if merged.value(keys.caching.bypass_cache) is True:
        return _forbidding(keys.caching.bypass_cache, merged)
    return None


def _missing(key: Key[Any]) -> PrefetchRefusal:
    return PrefetchRefusal(f"no matching rule sets {key}", key)


def _forbidding(key: str, merged: Merged) -> PrefetchRefusal:
    setting = merged[key]
    return PrefetchRefusal(stated(key, setting.entry.value, setting.leaf.apply.source))


def stated(key: str, value: object, source: Source | None) -> str:
    """Return a value and the line that sets it in words.

    Example:
        >>> stated("caching.bypass_cache", True, Source("routes.py", 3))
        'caching.bypass_cache is true (routes.py:3)'
    """
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"{key} is {shown}{f' ({source})' if source else ''}"
