"""Leaves out the rules that a path surely does not concern, without compiling anything.

One URL of a large file is explained once: making an index of all rules would take longer than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from prefetchrouter.http.request_target import path_for_rules, path_pattern_text, without_parameters
from prefetchrouter.rules.conditions import AllOf, AnyOf, Comparison, Condition, variable
from prefetchrouter.rules.rule import Apply, Chain, Group, Rule

_PATH = variable("request", "path")
_LITERAL = re.compile(r"(?:\\.|[^\\:({*+?])*", re.ASCII | re.DOTALL)


def concerning(rules: Iterable[Rule], path: str) -> tuple[Rule, ...]:
    """Return the rules without those that certainly do nothing for a path, nor do so in the manifest.

    Args:
        rules: The rules.
        path: The path of the request, in canonical form.

    Example:
        >>> from prefetchrouter import Router
        >>> rules = Router().match("/a/:id", {"comment": "a"}).match("/b", {"comment": "b"}).rules
        >>> len(concerning(rules, "/a/1"))
        1
    """
    seen = path_for_rules(path).lower()
    paths = {seen, without_parameters(seen)}
    return tuple(rule for rule in rules if any(_concerns(rule, lower) for lower in paths))


def _concerns(rule: Rule, path: str) -> bool:
    match rule:
        case Apply():
            return True
        case Group(rules=rules):
            return any(_concerns(member, path) for member in rules)
        case Chain(branches=branches, otherwise=otherwise):
            return otherwise is not None or any(may_match(branch.condition, path) for branch in branches)


def may_match(condition: Condition, path: str) -> bool:
    """Return False when a path pattern that has to match begins with other text than the path.

    Args:
        condition: The condition.
        path: The path, in lower case.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> may_match(path_is("/pages/:id"), "/pages/1"), may_match(path_is("/pages/:id"), "/blog")
        (True, False)
    """
    match condition:
        case AllOf(members=members):
            return all(may_match(member, path) for member in members)
        case AnyOf():  # each member would have to be refused: not worth the time here
            return True
        case Comparison():
            pattern = path_pattern(condition)
            return pattern is None or path.startswith(_start(pattern))


def path_pattern(test: Comparison) -> str | None:
    """Return the pattern that the path has to match, or None if the comparison is about something else.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> path_pattern(path_is("/pages/:id"))
        '/pages/:id'
    """
    if test.operator != "==":
        return None
    wanted, value = test.operands[0], test.operands[-1]
    return value if wanted == _PATH and isinstance(value, str) else None


@lru_cache(maxsize=8192)
def _start(pattern: str) -> str:
    """Return the text with which every path that matches begins, in lower case; perhaps less of it."""
    found = _LITERAL.match(path_pattern_text(pattern))
    literal = re.sub(r"\\(.)", r"\1", found[0], flags=re.DOTALL) if found else ""
    return literal.rstrip("/.").lower() if literal.isascii() else ""
