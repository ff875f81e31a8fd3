"""Different content for some visitors that is stored under the key of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from prefetchrouter.analysis.witnesses import shown_url
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation import Decision
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site, VisitedPlace
from prefetchrouter.rules.node import FrozenDict

_SENT = f"{keys.headers.set_request_headers}."


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        plain = site.plainest(place)
        if plain is None or not (plain.headers or plain.cookies or plain.facts):
            continue
        for visit in site.visits(place):
            finding = _of_visit(site, visit)
            if finding is not None:
                yield finding
                break


def _of_visit(site: Site, visit: VisitedPlace) -> Finding | None:
    request, decision = visit.request, visit.decision
    if not _is_stored(decision):
        return None
    plain = replace(request, headers=FrozenDict(), cookies=FrozenDict(), facts=FrozenDict())
    other = site.evaluator.evaluate(plain)
    if not _is_stored(other) or other.cache_key != decision.cache_key or _asks(other) == _asks(decision):
        return None
    what = ", ".join([*request.headers, *request.facts])
    return CHECK.finding(
        f"the origin gets another request for visitors with this {what}, but the response is stored under the"
        f" key of all: {shown_url(request)} of the one kind is shown to the other",
        visit.place.apply.source,
        hint=f"add what the rule depends on to {keys.caching.cache_key}, or set"
        f" {keys.caching.bypass_cache} for it",
        witness=request,
    )


def _is_stored(decision: Decision) -> bool:
    ttl = decision.ttl()
    bypasses = decision.get(keys.caching.bypass_cache) is True
    return ttl is not None and ttl.seconds > 0 and not bypasses and decision.synthetic is None


def _asks(decision: Decision) -> tuple[object, ...]:
    """Return what the origin sees of the rules: host, path, and the headers that they set."""
    sent = {key: value.value for key, value in decision.values.items() if key.startswith(_SENT)}
    return decision.origin, decision.upstream.path, sent, decision.redirect


CHECK = Check("lint/shared-key", "Content for some visitors, stored under a cache key that all share.", _run)
