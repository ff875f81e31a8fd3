"""Tests of paths that deserve no closer look, as nearly all of a large router; their text shows it.

What is not ordinary may still be right. It is parsed, and tried with samples; see `comparing.py`.
"""

from __future__ import annotations

import re

from prefetchrouter.likely_mistakes.domains import PATH
from prefetchrouter.regex.sample import certain_sample
from prefetchrouter.rules.conditions import Comparison, variable
from prefetchrouter.rules.pattern_warnings import ORDINARY, is_unremarkable

_PATH = variable("request", "path")
_FOLDER = re.compile(r"((?:/[\w~-][\w.~-]*)*)/:\w+\*", re.A)


def is_ordinary_test(test: Comparison) -> bool:
    """Return whether a test of the path can be true, and is written as it is meant.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> is_ordinary_test(path_is("/team/:id")), is_ordinary_test(path_is("/team/{id}"))
        (True, False)
    """
    if test.operands[0] is not _PATH or len(test.operands) != 2:
        return False
    value = test.operands[1]
    if isinstance(value, tuple):
        return test.operator == "in" and all(isinstance(each, str) and _is_plain(each) for each in value)
    if not isinstance(value, str):
        return False
    if test.operator == "==":
        return is_unremarkable(value)
    if test.operator == "=~":
        found = certain_sample(value)
        return found is not None and PATH.contains(found)
    return test.operator == "===" and _is_plain(value)


def _is_plain(path: str) -> bool:
    return ":" not in path and ORDINARY.fullmatch(path) is not None


def is_inside(pattern: str, folder: str) -> bool:
    """Return whether a pattern matches only paths that another one matches: all those of a folder.

    Example:
        >>> is_inside("/shop/:id/edit", "/shop/:rest*"), is_inside("/shopping", "/shop/:rest*")
        (True, False)
    """
    found = _FOLDER.fullmatch(folder)
    if found is None or not ORDINARY.fullmatch(pattern):
        return False
    return f"{pattern}/".lower().startswith(f"{found[1]}/".lower())
