"""Whether a browser may prefetch a URL, and if not, why: the rule of the cache manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefetchrouter.catalog import keys

if TYPE_CHECKING:
    from prefetchrouter.evaluation.decision import Decision


def reason_against(decision: Decision) -> str | None:
    """Return the first reason why a URL is not prefetchable, None when it is.

    It is when `max_age` is set in any form, `service_worker_max_age` is more than zero seconds and
    `bypass_cache` is not true; `docs/manifest.md` tells why just these.
    """
    if decision.request.method != "GET":
        return f"the method is {decision.request.method}: only GET is prefetched"
    if decision.refusal is not None:
        return f"the edge refuses it with 400: {decision.refusal.message}"
    if not decision.matches:
        return "no rule matches"
    if not decision.sets_any(keys.caching.max_age):
        return f"no matching rule sets {keys.caching.max_age}"
    lifetime = decision.get(keys.caching.service_worker_max_age)
    if lifetime is None:
        return f"no matching rule sets {keys.caching.service_worker_max_age}"
    if lifetime.seconds <= 0:
        return stated(keys.caching.service_worker_max_age, decision)
    if decision.get(keys.caching.bypass_cache) is True:
        return stated(keys.caching.bypass_cache, decision)
    return None


def stated(key: str, decision: Decision) -> str:
    """Return a value and the line that sets it, such as ``"caching.bypass_cache is true (a.py:3)"``."""
    value = decision.values[key]
    shown = str(value.value).lower() if isinstance(value.value, bool) else value.value
    return f"{key} is {shown}{f' ({value.source})' if value.source else ''}"
