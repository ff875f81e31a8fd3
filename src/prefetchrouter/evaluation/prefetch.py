"""Whether a browser may prefetch a URL, and if not, why: the rule of the cache manifest."""

from __future__ import annotations

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.source import Source


def reason_against(context: RequestContext, merged: Merged) -> str | None:
    """Return the first reason why a URL is not prefetchable, None when it is.

    It is when `max_age` is set in any form, `service_worker_max_age` is more than zero seconds and
    `bypass_cache` is not true; `docs/manifest.md` says why just these.

    Args:
        context: The request.
        merged: The merged values of the features that apply.
    """
    if context.method != "GET":
        return f"the method is {context.method}: only GET is prefetched"
    if context.refusal is not None:
        return f"the edge refuses it with 400: {context.refusal.message}"
    if not merged.leaves:
        return "no rule matches"
    start = f"{keys.caching.max_age}."
    if not any(key.startswith(start) for key in merged):
        return f"no matching rule sets {keys.caching.max_age}"
    lifetime = merged.value(keys.caching.service_worker_max_age)
    if lifetime is None:
        return f"no matching rule sets {keys.caching.service_worker_max_age}"
    if lifetime.seconds <= 0:
        return _stated(keys.caching.service_worker_max_age, merged)
    if merged.value(keys.caching.bypass_cache) is True:
        return _stated(keys.caching.bypass_cache, merged)
    return None


def _stated(key: str, merged: Merged) -> str:
    setting = merged[key]
    return stated(key, setting.entry.value, setting.leaf.apply.source)


def stated(key: str, value: object, source: Source | None) -> str:
    """Return a value and the line that sets it in words.

    Example:
        >>> stated("caching.bypass_cache", True, Source("routes.py", 3))
        'caching.bypass_cache is true (routes.py:3)'
    """
    shown = str(value).lower() if isinstance(value, bool) else value
    return f"{key} is {shown}{f' ({source})' if source else ''}"
