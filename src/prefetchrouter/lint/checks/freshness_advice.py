"""What `explain` advises on the freshness of prefetchable pages, once for each kind of page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import get_args

from prefetchrouter.diagnostics import Code, Diagnostic
from prefetchrouter.explanation import explain
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site

SUMMARIES = {
    "freshness/age-not-sent": "Browsers cannot know how old a response is, and keep it too long.",
    "freshness/date-kept": "Age is removed, but Date still tells browsers how old the response is.",
    "freshness/dead-link": "A prefetch is answered with a status without a page.",
    "freshness/edge-outlives-browser": "The edge stores a page for longer than browsers, while Age counts.",
    "freshness/never-fresh": "Browsers never use a prefetch, since the response has no freshness lifetime.",
    "freshness/no-store": "The response forbids browsers to keep it.",
    "freshness/stored-refusal": "An error response is stored and shown after the prefetch.",
    "freshness/too-old": "Visitors can see content that is older than accepted.",
    "freshness/vary": "The response varies on what a prefetch and a visit differ in.",
    "freshness/worker-outlives-edge": "The service worker keeps a page for longer than the edge.",
}
"""What each code of the freshness model finds."""
_NEEDS_NO_CURE = ("freshness/never-fresh", "freshness/no-store", "freshness/age-not-sent")
"""True without the service worker only, which the rules of a prefetchable page ask for."""
_MOST_EXPLAINED = 60


def _run(site: Site, code: str) -> Iterator[Finding]:
    return (finding for finding in site.once(_advice) if finding.diagnostic.code == code)


def _advice(site: Site) -> tuple[Finding, ...]:
    """Return the advice on each prefetchable page whose values and lines differ from those before."""
    kinds: set[object] = set()
    found: dict[Diagnostic, Finding] = {}
    for place in site.places:
        if len(kinds) >= _MOST_EXPLAINED:
            break
        visit = next(site.prefetched(place), None)
        if visit is None:
            continue
        values = visit.decision.values.items()
        kind = tuple((key, str(value.value), str(value.source)) for key, value in values)
        if kind in kinds:
            continue
        kinds.add(kind)
        for diagnostic in explain(site.rules, visit.request).forecast.advice:
            found.setdefault(diagnostic, Finding(diagnostic, visit.request))
    return tuple(found.values())


CHECKS = tuple(
    Check(code, SUMMARIES[code], partial(_run, code=code), by_default=code not in _NEEDS_NO_CURE)
    for code in get_args(Code)
    if code.startswith("freshness/")
)
