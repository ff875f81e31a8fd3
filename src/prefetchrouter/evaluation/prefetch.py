"""Whether a browser may prefetch a URL, and if not, why: the rule of the cache manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefetchrouter.browser.links import is_trustworthy
from prefetchrouter.printable import MOST_SHOWN, printable

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
    if not decision.sets_any("caching.max_age."):
        return "no matching rule sets caching.max_age"
    lifetime = decision.setting("caching.service_worker_max_age")
    if lifetime is None:
        return "no matching rule sets caching.service_worker_max_age"
    if lifetime.seconds <= 0:
        return _told("caching.service_worker_max_age", decision)
    if decision.setting("caching.bypass_cache") is True:
        return _told("caching.bypass_cache", decision)
    return None


def doubts_about(decision: Decision) -> tuple[str, ...]:
    """Return what keeps a prefetch of the URL from happening or from helping, although it is prefetchable."""
    doubts = []
    hidden = None if decision.manifest.prefetchable else decision.manifest.not_prefetchable_because
    if decision.prefetchable and hidden is not None:
        doubts.append(f"the manifest does not show it: there {hidden}")
    if decision.denied:
        doubts.append(_told("access.deny_access", decision))
    if decision.redirect is not None:
        doubts.append(f"it is a redirect to {printable(decision.redirect.location, MOST_SHOWN)}")
    if not is_trustworthy(decision.request.scheme, decision.request.host or ""):
        doubts.append("it is asked by HTTP: service workers need HTTPS, or localhost")
    return tuple(doubts)


def _told(key: str, decision: Decision) -> str:
    value = decision.values[key]
    shown = str(value.value).lower() if isinstance(value.value, bool) else value.value
    return f"{key} is {shown}{f' ({value.source})' if value.source else ''}"
