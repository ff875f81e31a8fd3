"""`TableLine`: what a line of a table says, before it is checked."""

from __future__ import annotations

from dataclasses import dataclass

from prefetchrouter.errors import Diagnostic
from prefetchrouter.source import Source


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line, as text.

    Args:
        start: The path or URL to redirect from.
        to: Where to.
        source: The place of the line.
        status: The status; empty where the line has none.
        host: The host that it is for; empty for all.
        query: ``"keep"``, ``"drop"`` or empty.
        parameters: Query parameters that the request must have; ``:name`` as a value captures it.
    """

    start: str
    to: str
    source: Source | None
    status: str = ""
    host: str = ""
    query: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


def wrong_line(
    source: Source | None, message: str, *, expected: str | None = None, hint: str | None = None
) -> Diagnostic:
    """Return the error about a line, or about the file.

    Example:
        >>> print(wrong_line(Source("redirects.csv", 3), '"from" is empty'))
        redirects.csv:3: "from" is empty [redirect-table]
    """
    return Diagnostic("redirect-table", message, source, expected, hint)
