"""Tests of the path that many rules share, made once for a request.

Varnish compiles each expression of a file anew, at the load and in memory, equal ones too. Most rules of
a large site have one form below a segment: so the rest of the path is tested once for a request, and a rule
compares its segment.

    "(?i)^/team(?:/([^/#?]+?))[/#?]?$"    req.http.pr_segment == "team" && req.http.pr_shape_1
    "/about" or "/about/"                 req.http.pr_plain == "/about"
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from prefetchrouter.lowering.tests import Matches, OneOf, Test
from prefetchrouter.targets.varnish.vcl_text import Vcl, regex, string

LEAST: Final = 16
"""How many tests have to share an expression for it to be tested at each request."""

_BELOW_SEGMENT: Final = re.compile(r"\(\?i\)\^/([a-z0-9_~-]+)((?:\(\?:)?/.*)", re.IGNORECASE | re.DOTALL)


class SharedTests:
    """Finds the tests that are shared.

    Args:
        tests: The atomic tests.

    Example:
        >>> from prefetchrouter.lowering.readings import Reading
        >>> about = OneOf(Reading("path"), ("/about", "/about/"), ignores_case=True)
        >>> SharedTests([about]).condition(about)
        'req.http.pr_plain == "/about"'
    """

    def __init__(self, tests: Iterable[Test]) -> None:
        counts: Counter[str] = Counter()
        self._has_plain = False
        for test in tests:
            parts = _parts(test)
            if parts is not None:
                counts[parts[1]] += 1
            self._has_plain |= _plain(test) is not None
        shared = [rest for rest, count in counts.items() if count >= LEAST]
        self._shapes = {rest: f"req.http.pr_shape_{number}" for number, rest in enumerate(shared, 1)}

    def condition(self, test: Test) -> Vcl | None:
        """Return the condition of a test that is made once; None for any other."""
        plain = _plain(test)
        if plain is not None:
            return Vcl(f"req.http.pr_plain == {string(plain)}")
        parts = _parts(test)
        shape = None if parts is None else self._shapes.get(parts[1])
        if parts is None or shape is None:
            return None
        return Vcl(f"({in_segment(parts[0])} && {shape})")

    def lines(self) -> list[str]:
        """Return the statements that make them, before any walk over the rules."""
        lines = []
        if self._has_plain:
            lines.append('set req.http.pr_plain = std.tolower(regsub(req.http.pr_path, "/\\z", ""));')
        if self._shapes:
            lines.append('set req.http.pr_rest_of_path = regsub(req.http.pr_path, "^/[^/]*", "");')
        for rest, header in self._shapes.items():
            lines.append(f'if (req.http.pr_rest_of_path ~ {regex(f"(?i)^{rest}")}) {{ set {header} = "1"; }}')
        return lines


def in_segment(segment: str) -> Vcl:
    """Return the condition that the path has a first segment, given in lower case."""
    return Vcl(f"req.http.pr_segment == {string(segment)}")


def _parts(test: Test) -> tuple[str, str] | None:
    """Return the first segment of a path pattern, in lower case, and the expression for what follows."""
    if not isinstance(test, Matches) or test.pattern is None or test.reading.kind != "path":
        return None
    found = _BELOW_SEGMENT.fullmatch(test.regex)
    return None if found is None else (found[1].lower(), found[2])


def _plain(test: Test) -> str | None:
    """Return the path that a test is for, with or without a slash at its end."""
    if not isinstance(test, OneOf) or test.reading.kind != "path" or not test.ignores_case:
        return None
    path, *others = test.texts or ("",)
    return path if others == [f"{path}/"] and path.isascii() and not path.endswith("/") else None
