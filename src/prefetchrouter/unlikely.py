"""Values that are allowed but hardly meant: tests that no request passes, and a marker that is misspelt."""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Iterator

from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.rules.conditions import Variable
from prefetchrouter.rules.pattern_warnings import unlikely_characters

MARKER = "cache-manifest-ignore"
"""Anywhere in a rule's comment, it keeps the rule out of the browser's manifest."""

_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_COUNTRY = re.compile(r"[A-Z]{2}")
_WORDS = re.compile(r"[a-z]+")
_NEAR = 0.84
"""How much of a marker must be there for a comment to be taken as a misspelling of it."""


def unlikely_values(asked: Variable, operator: str, operand: object) -> Iterator[Diagnostic]:
    """Return a warning for each text that a variable never holds.

    Args:
        asked: The variable of a test.
        operator: How it is compared; expressions and patterns are not looked at.
        operand: The text, or several.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> print(*unlikely_values(variable("request", "scheme"), "===", "https"))
        warning: "https" is never there, so this decides nothing; did you mean "HTTPS"? [unlikely-value]
    """
    if operator in ("===", "!==", "in", "not_in"):
        for value in operand if isinstance(operand, tuple) else (operand,):
            if isinstance(value, str) and (warning := _unlikely(asked, value)):
                yield warning


def _unlikely(asked: Variable, value: str) -> Diagnostic | None:
    spec = asked.spec
    if spec.value == "choice" and value not in spec.choices:
        listed = ", ".join(map(shown, spec.choices))
        return _never(value, did_you_mean(value.upper(), spec.choices) or f"one of {listed}")
    if spec.value == "country" and not _COUNTRY.fullmatch(value):
        code = value.upper()
        likely = (
            f"did you mean {shown(code)}?" if _COUNTRY.fullmatch(code) else "write two upper-case letters"
        )
        return _never(value, likely)
    if spec.value == "path" and asked.namespace == "request" and not value.startswith("/"):
        return _never(value, f"write {shown('/' + value)}")
    if spec.value == "path":
        return unlikely_characters(value)
    return None


def _never(value: str, hint: str) -> Diagnostic:
    problem = f"{shown(value)} is never there, so this decides nothing"
    return Diagnostic("unlikely-value", problem, hint=hint, severity="warning")


def misspelt_marker(comment: str | None) -> Iterator[Diagnostic]:
    """Return a warning for a comment that nearly holds the marker: its rule is published.

    Example:
        >>> [warning.message for warning in misspelt_marker("Cache_Manifest_Ignore: a draft")]
        ['comment: "Cache_Manifest_Ignore" is not the marker that hides a rule']
        >>> list(misspelt_marker("cache-manifest-ignore: a draft"))
        []
    """
    if not comment or MARKER in comment:
        return
    lower, parts = comment.translate(_FOLD), MARKER.split("-")
    if sum(part in lower for part in parts) < len(parts) - 1:
        return
    words = list(_WORDS.finditer(lower))
    for length in (len(parts), len(parts) - 1, 1):
        for start in range(len(words) - length + 1):
            window = words[start : start + length]
            found = "".join(word[0] for word in window)
            if difflib.SequenceMatcher(None, "".join(parts), found).ratio() >= _NEAR:
                written = comment[window[0].start() : window[-1].end()]
                problem = f"comment: {shown(written)} is not the marker that hides a rule"
                hint = f"write {shown(MARKER)}"
                yield Diagnostic("unlikely-value", problem, hint=hint, severity="warning")
                return
