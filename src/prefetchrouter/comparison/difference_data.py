"""A comparison as plain data, for programs."""

from __future__ import annotations

from typing import Any

from prefetchrouter.comparison.compare import Change, Difference, RuleSetComparison
from prefetchrouter.comparison.shown import Sides
from prefetchrouter.http.message import Request


def comparison_data(comparison: RuleSetComparison, sides: Sides) -> dict[str, Any]:
    """Return a comparison as plain data.

    Args:
        comparison: What was found.
        sides: How the two rule sets are named.

    Example:
        >>> comparison_data(RuleSetComparison((), 0, 0, 0), Sides())["changed"]
        False
    """
    return {
        "changed": bool(comparison),
        "before": sides.before,
        "after": sides.after,
        "requests_tried": comparison.tried,
        "rules_that_differ": {"before": comparison.rules_before, "after": comparison.rules_after},
        "differences": [_difference(each, sides) for each in comparison.differences],
    }


def _difference(difference: Difference, sides: Sides) -> dict[str, Any]:
    return {
        "request": _request(difference.request),
        "changes": [_change(change, sides) for change in difference.changes],
        "usable_seconds": {name: {"before": old, "after": new} for name, old, new in difference.lifetimes},
        "also": [_request(request) for request in difference.also],
        "others": difference.others,
    }


def _request(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {"method": request.method, "url": request.url}
    for name in "headers", "cookies", "facts":
        values = getattr(request, name)
        if values:
            found[name] = dict(values)
    if request.response is not None:
        found["response_status"] = request.response.status
    return found


def _change(change: Change, sides: Sides) -> dict[str, Any]:
    old, new = change.source_before, change.source_after
    return {
        "aspect": change.aspect,
        "before": change.before,
        "after": change.after,
        "line_before": old and sides.line_before(old),
        "line_after": new and sides.line_after(new),
    }
