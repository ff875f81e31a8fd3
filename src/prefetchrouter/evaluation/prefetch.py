"""Whether a browser may prefetch a URL, and if not, why: the rule of the cache manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.evaluation.decision import Decision
    from prefetchrouter.evaluation.merge import Value


def reason_against(decision: Decision) -> str | None:
    """Return the first reason why a URL is not prefetchable, None when it is.

    It is when `max_age` is set in any form, `service_worker_max_age` is more than zero seconds and
    `bypass_cache` is not true; `docs/manifest.md` tells why just these.
    """
    if decision.request.method != "GET":
        return f"the method is {decision.request.method}: only GET is prefetched"
    if not decision.rules:
        return "no rule matches"
    if not any(key.startswith("caching.max_age.") for key in decision.values):
        return "no matching rule sets caching.max_age"
    lifetime = decision.value("caching.service_worker_max_age")
    if lifetime is None:
        return "no matching rule sets caching.service_worker_max_age"
    if lifetime.value.seconds <= 0:
        return f"caching.service_worker_max_age is {lifetime.value}{_at(lifetime)}"
    bypass = decision.value("caching.bypass_cache")
    if bypass is not None and bypass.value is True:
        return f"caching.bypass_cache is true{_at(bypass)}"
    return None


def doubts_about(decision: Decision) -> tuple[str, ...]:
    """Return what keeps a prefetch of the URL from happening or from helping, although it is prefetchable."""
    doubts = []
    hidden = None if decision.manifest.prefetchable else decision.manifest.not_prefetchable_because
    if decision.prefetchable and hidden is not None:
        doubts.append(f"the manifest does not show it: there {hidden}")
    denied = decision.value("access.deny_access")
    if denied is not None and denied.value is True:
        doubts.append(f"access.deny_access answers 403{_at(denied)}")
    if decision.redirect is not None:
        doubts.append(f"it is a redirect to {decision.redirect.location}")
    if decision.request.scheme == "http":
        doubts.append("it is asked by HTTP: service workers need HTTPS, or localhost")
    return tuple(doubts)


def _at(value: Value) -> str:
    return f" ({value.source})" if value.source else ""
