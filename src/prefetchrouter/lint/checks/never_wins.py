"""Features that later rules always replace."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.analysis.witnesses import PlacedFeatures, shown_url
from prefetchrouter.evaluation.entries import entries_of
from prefetchrouter.evaluation.merge import Value
from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site, VisitedPlace


def _run(site: Site) -> Iterator[Finding]:
    for place in site.places:
        yield from _of_place(site, place)


def _of_place(site: Site, place: PlacedFeatures) -> Iterator[Finding]:
    # Each value is written into the decision under its key; what is gathered is never replaced.
    losing = {entry.key for entry in entries_of(place.apply) if not entry.gathers}
    written = len(losing)
    winners: dict[str, Value] = {}
    first = next(site.visits(place), None)
    if first is None:
        return
    _compare(place, first, losing, winners)
    # What applies wherever these features do replaces them in other requests as well: none has to be tried.
    if not all(site.applies_wherever(winners[key].rule, place) for key in losing):
        for visit in _others(site, place, losing, winners):
            _compare(place, visit, losing, winners)
    if not losing:
        return
    keys = sorted(losing)
    lines = list(dict.fromkeys(str(winners[key].source) for key in keys if winners[key].source))
    by = f" by {' and '.join(lines)}" if lines else " by later rules"
    what = "what it sets" if len(keys) == written else ", ".join(keys)
    verb = "are" if what.count(",") else "is"
    yield CHECK.finding(
        f"{what} {verb} always replaced{by}, as for {shown_url(first.request)}",
        place.apply.source,
        hint="write the general rule first and the special one after it, or remove this one",
        witness=first.request,
    )


def _others(
    site: Site, place: PlacedFeatures, losing: set[str], winners: dict[str, Value]
) -> Iterator[VisitedPlace]:
    """Yield more visits as long as something seems to lose: those of the rule, then those of its winners."""
    for visit in site.visits(place):
        if not losing:
            return
        yield visit
    doubted = [winners[key].rule for key in sorted(losing)]
    for visit in site.visits_at_boundaries(place, doubted) if doubted else ():
        if not losing:
            return
        yield visit


def _compare(place: PlacedFeatures, visit: VisitedPlace, losing: set[str], winners: dict[str, Value]) -> None:
    """Take out the keys that a request shows to win, and note what wins instead."""
    for key in list(losing):
        value = visit.decision.values.get(key)
        if value is None or value.rule is place.apply:
            losing.discard(key)
        else:
            winners.setdefault(key, value)


CHECK = Check("lint/never-wins", "Features that later, more general rules always replace.", _run)
