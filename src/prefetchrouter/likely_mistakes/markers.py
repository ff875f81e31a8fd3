"""Warnings about a misspelled marker in a comment: the rule is published although it should be hidden."""

from __future__ import annotations

import difflib
import re
import string
from collections.abc import Iterator

from prefetchrouter.errors import Diagnostic, shown

MARKER = "cache-manifest-ignore"
"""Anywhere in a rule's comment, it hides the rule from the browser's manifest."""

_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_WORDS = re.compile(r"[a-z]+")
_NEAR = 0.84
"""The similarity from which on text counts as a misspelling of the marker."""


def misspelled_marker(comment: str | None) -> Iterator[Diagnostic]:
    """Return a warning for a comment with a misspelled marker: its rule is published.

    Example:
        >>> [warning.message for warning in misspelled_marker("Cache_Manifest_Ignore: a draft")]
        ['comment: "Cache_Manifest_Ignore" is not the marker that hides a rule']
        >>> list(misspelled_marker("cache-manifest-ignore: a draft"))
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
