"""What the reports on a comparison have in common: names of the two sides, sentences, numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prefetchrouter.comparison.compare import Change, Difference, RuleSetComparison
from prefetchrouter.freshness import MECHANISMS
from prefetchrouter.freshness.length import spoken
from prefetchrouter.http.message import Request
from prefetchrouter.printable import printable
from prefetchrouter.source import Source

MOST_ALSO = 3
"""How many further URLs are named beside the first."""
_MOST_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Sides:
    """How the two rule sets are named.

    Args:
        before: The name of the one, such as ``"main"``.
        after: The name of the other.
        line_before: Writes a line of the one.
        line_after: Writes a line of the other.
    """

    before: str = "before"
    after: str = "after"
    line_before: Callable[[Source], str] = str
    line_after: Callable[[Source], str] = str

    def lines(self, change: Change) -> str:
        """Return the lines that decide an aspect, before and after; empty where none does."""
        old = change.source_before and self.line_before(change.source_before)
        new = change.source_after and self.line_after(change.source_after)
        return f"{old} → {new}" if old and new and old != new else new or old or ""


def request_text(request: Request) -> str:
    """Return a request as one line: method, URL or path, and what else it needs.

    Example:
        >>> request_text(Request("https://localhost/a?b=1", headers={"x-tier": "gold"}))
        'GET /a?b=1 with x-tier: gold'
    """
    host = "" if request.host in (None, "localhost") else f"{request.scheme}://{request.host}"
    query = f"?{request.query}" if request.query else ""
    more = [f"{name}: {value}" for name, value in request.headers.items() if name not in ("host", "cookie")]
    more += [f"cookie {name}={value}" for name, value in request.cookies.items()]
    more += [f"{name}={value}" for name, value in request.facts.items()]
    if request.response is not None:
        more.append(f"status {request.response.status} from the origin")
    text = f"{request.method} {host}{request.path}{query}{' with ' if more else ''}{', '.join(more)}"
    return printable(text, _MOST_CHARACTERS)


def also_text(difference: Difference) -> str:
    """Return the further requests that differ in the same way, "" if there are none.

    Example:
        >>> also_text(Difference(Request("/a"), (), (Request("/b"), Request("/c"))))
        'also GET /b, GET /c'
    """
    if not difference.also:
        return ""
    named = ", ".join(map(request_text, difference.also[:MOST_ALSO]))
    rest = len(difference.also) - MOST_ALSO
    return f"also {named}{f' and {rest:,} more' if rest > 0 else ''}"


def consequences(difference: Difference) -> Iterator[str]:
    """Yield what a difference means for prefetching, a sentence each.

    Example:
        >>> change = Change("prefetching", "yes", "no")
        >>> list(consequences(Difference(Request("/a"), (change,))))
        ['links to it are no longer prefetched']
    """
    prefetching = difference.prefetching
    if prefetching is not None:
        stops = prefetching.after == "no"
        yield f"links to it are {'no longer' if stops else 'now'} prefetched"
    for name, old, new in difference.lifetimes:
        title = MECHANISMS[name].title  # type: ignore[index]
        yield f"{title}: a prefetch is usable {_length(new)} instead of {_length(old)}"


def _length(seconds: float) -> str:
    if seconds <= 0:
        return "at no time"
    words = spoken(seconds)
    return "without limit" if words == spoken(math.inf) else f"for {words}"


def summary(comparison: RuleSetComparison, sides: Sides) -> str:
    """Return the result in a sentence, with the requests that were tried.

    Example:
        >>> summary(RuleSetComparison((), 0, 0, 0), Sides("main", "routes.py"))
        'no difference between main and routes.py: their rules are the same'
    """
    old, new = comparison.rules_before, comparison.rules_after
    count = len(comparison.differences)
    space = (
        f"{comparison.tried:,} requests tried, made from"
        f" {_counted(old, 'rule')} of {sides.before} and {_counted(new, 'rule')} of {sides.after} that differ"
    )
    if not comparison.tried:
        return f"no difference between {sides.before} and {sides.after}: their rules are the same"
    if not count:
        return f"no difference in behaviour between {sides.before} and {sides.after}: {space}"
    return f"{_counted(count, 'difference')} between {sides.before} and {sides.after}: {space}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
