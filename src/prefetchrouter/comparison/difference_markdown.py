"""A comparison as Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from prefetchrouter.comparison.compare import Difference, RuleSetComparison
from prefetchrouter.comparison.shown import Sides, also_text, consequences, request_text, summary

_NOTHING = "none"
_MOST_SHOWN = 50
"""A comment has to stay readable, and the services that show one cut it at some 65,000 characters."""


def comparison_markdown(comparison: RuleSetComparison, sides: Sides) -> str:
    """Return a comparison as Markdown: the result, then a table for each difference.

    Args:
        comparison: What was found.
        sides: How the two rule sets are named.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.comparison import compare
        >>> before, after = (Router().get("/a", caching={"max_age": age}) for age in ("1h", "5m"))
        >>> print(comparison_markdown(compare(before, after), Sides()).splitlines()[2])
        #### `GET /a`
    """
    parts = [f"**{_escaped(summary(comparison, sides))}**"]
    parts += ["\n".join(_block(each, sides)) for each in comparison.differences[:_MOST_SHOWN]]
    rest = len(comparison.differences) - _MOST_SHOWN
    if rest > 0:
        parts.append(f"and {rest:,} more differences")
    return "\n\n".join(parts)


def _block(difference: Difference, sides: Sides) -> Iterator[str]:
    yield f"#### {_code(request_text(difference.request))}"
    yield ""
    yield "| | before | after | line |"
    yield "| --- | --- | --- | --- |"
    for change in difference.changes:
        cells = change.aspect, change.before or _NOTHING, change.after or _NOTHING, sides.lines(change)
        yield f"| {' | '.join(map(_code, cells))} |"
    sentences = [*consequences(difference), *filter(None, [also_text(difference)])]
    if sentences:
        yield ""
    yield from (f"- {_escaped(sentence)}" for sentence in sentences)


def _code(text: str) -> str:
    """Return text as code in a cell of a table; a run of backticks longer than any inside it encloses it."""
    if not text:
        return ""
    fence = "`"
    while fence in text:
        fence += "`"
    blank = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{blank}{text}{blank}{fence}".replace("|", "\\|")


def _escaped(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
