"""A marker in a comment that is misspelt: the rule is published though it was to be hidden."""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Iterator

from prefetchrouter.errors import Diagnostic, shown

MARKER = "cache-manifest-ignore"
"""Anywhere in a rule's comment, it keeps the rule out of the browser's manifest."""

_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_WORDS = re.compile(r"[a-z]+")
_NEAR = 0.84
"""How much of a marker must be there for a comment to be taken as a misspelling of it."""


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
