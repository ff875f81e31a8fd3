"""Prefixes of paths: which rules cannot concern a path, known without evaluating them.

Most redirects lead from one folder to another, and no rule redirects from there on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from prefetchrouter.analysis.witnesses import PlacedFeatures
from prefetchrouter.errors import RuleError
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_warnings import ORDINARY

_FIXED_IN_REGEX = re.compile(r"\^((?:\\/|[/\w-])*)([?*+{]?)", re.ASCII)
_FIXED_IN_ORDINARY = re.compile(r"([^:]*)(?:\Z|:\w+(?![\w?*]))", re.ASCII)
"""The text before the first parameter, unless that may be missing together with its slash."""

_WHOLE_FOLDER = re.compile(r"((?:/[\w.-]+)*)/:\w+\*", re.ASCII)
"""A pattern that matches each path below its fixed part."""


class Prefixes:
    """The beginnings of the paths that places concern; letter case does not matter.

    Args:
        texts: The beginnings.

    Example:
        >>> known = Prefixes(["/old/", "/Shop"])
        >>> known.may_meet("/old"), known.may_meet("/shop/1"), known.may_meet("/new/")
        (True, True, False)
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._all = Counter(text.lower() for text in texts)
        self._sorted = sorted(self._all)

    def may_meet(self, text: str) -> bool:
        """Return whether a path that begins with a text may begin with one of these."""
        text = text.lower()
        at = bisect_left(self._sorted, text)
        if at < len(self._sorted) and self._sorted[at].startswith(text):
            return True
        return any(text[:length] in self._all for length in range(len(text) + 1))

    def only_meets(self, text: str) -> bool:
        """Return whether paths that begin with a text, one of these, begin with no other of them.

        Example:
            >>> known = Prefixes(["/old/", "/shop/", "/shop/1"])
            >>> known.only_meets("/old/"), known.only_meets("/shop/")
            (True, False)
        """
        text = text.lower()
        if self._all[text] != 1 or any(text[:length] in self._all for length in range(len(text))):
            return False
        after = bisect_left(self._sorted, text) + 1
        return after == len(self._sorted) or not self._sorted[after].startswith(text)


def prefixes_of(place: PlacedFeatures) -> tuple[str, ...]:
    """Return beginnings of which each path of a place has one; an empty text where nothing is known.

    Example:
        >>> from prefetchrouter import Router
        >>> from prefetchrouter.analysis.witnesses import places
        >>> (place,) = places(Router().match("/old/:id", comment="note").rules[0])
        >>> prefixes_of(place)
        ('/old/',)
    """
    for condition in place.conditions:
        found = _of(condition)
        if found and "" not in found:
            return found
    return ("",)


def covers(condition: Condition, texts: Iterable[str]) -> bool:
    """Return whether a condition is the pattern of a folder, and it has all paths that begin with the texts.

    Example:
        >>> from prefetchrouter.rules.conditions import Comparison, Variable
        >>> docs = Comparison("==", (Variable("request", "path"), "/docs/:page*"))
        >>> covers(docs, ["/docs/a", "/Docs/"]), covers(docs, ["/docs", "/doc/"])
        (True, False)
    """
    if not isinstance(condition, Comparison) or condition.operator != "==":
        return False
    tested, value = condition.variable, condition.value
    if tested is None or (tested.namespace, tested.name) != ("request", "path") or not isinstance(value, str):
        return False
    whole = _WHOLE_FOLDER.fullmatch(value)
    return whole is not None and all(text.lower().startswith(f"{whole[1].lower()}/") for text in texts)


def _of(condition: Condition) -> tuple[str, ...]:
    match condition:
        case AllOf(members=members):
            return next(filter(None, map(_of, members)), ())
        case AnyOf():
            return ()
        case Comparison():
            return _of_comparison(condition)


def _of_comparison(test: Comparison) -> tuple[str, ...]:
    tested, value = test.variable, test.value
    if tested is None or (tested.namespace, tested.name) != ("request", "path"):
        return ()
    match test.operator:
        case "===" if isinstance(value, str):
            return (value,)
        case "in" if isinstance(value, tuple):
            return tuple(map(str, value))
        case "==" if isinstance(value, str):
            return (_of_pattern(value),)
        case "=~" if isinstance(value, str) and "|" not in value:
            fixed = _FIXED_IN_REGEX.match(value.removeprefix("(?i)"))
            if fixed is None:
                return ("",)
            text = fixed[1].replace("\\/", "/")
            return (text[:-1] if fixed[2] else text,)
        case _:
            return ()


@lru_cache(maxsize=16_384)
def _of_pattern(text: str) -> str:
    if (ordinary := _FIXED_IN_ORDINARY.match(text)) is not None and ORDINARY.fullmatch(text):
        return ordinary[1]
    try:
        return PathPattern(text).literal_prefix
    except RuleError:
        return ""
