"""``if`` of nginx with a ``return`` or ``rewrite`` inside: branches before those of its location."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.nginx_bodies import InheritedSettings, Rewrite, returned, rewritten
from prefetchrouter.importing.nginx_conditions import Criteria, criteria_of, variable_of
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.importing.nginx_maps import MapEntry, lines_of
from prefetchrouter.importing.nginx_text import checked_regex, compiled
from prefetchrouter.importing.python_source import Expression
from prefetchrouter.importing.rule_bodies import Body

Landings: TypeAlias = Callable[[Rewrite], tuple[Body, InheritedSettings]]


@dataclass(frozen=True)
class IfBranch:
    """One branch.

    Args:
        directive: The line it comes from.
        criteria: What is tested besides the path of the location; None if nothing is.
        path: Another value that the path has, or None.
        body: What the rule does.
        settings: The settings of the location that a rewrite leads to; None for those around the ``if``.
    """

    directive: Directive
    criteria: Criteria | None
    path: Expression
    body: Body
    settings: InheritedSettings | None = None


@dataclass(frozen=True)
class NotImported:
    """A line of a map without a branch; the others have theirs.

    Args:
        directive: The line.
        reason: Why no rule does the same.
    """

    directive: Directive
    reason: str


def branches_of(
    directive: Directive, maps: Mapping[str, Directive], landing: Landings
) -> list[IfBranch | NotImported]:
    """Return the branches of an ``if``: one, or one for each line of a map.

    Args:
        directive: The directive.
        maps: The maps of the configuration, by the name of the variable.
        landing: Gives what a request gets after a rewrite.

    Raises:
        NotUnderstoodError: No rule does the same.
    """
    inner = [each for each in directive.block or () if each.name != "break"]
    if len(inner) != 1 or inner[0].name not in ("return", "rewrite"):
        raise NotUnderstoodError("only `return` or `rewrite` inside it is imported")
    name = _mapped(directive.arguments)
    if name is None or name not in maps:
        return [
            _branch(MapEntry(directive, criteria_of(directive.arguments), ""), inner[0], inner[0], landing)
        ]
    found: list[IfBranch | NotImported] = []
    for line in lines_of(maps[name]):
        try:
            action = _with_value(inner[0], name, line.value)
            found.append(_branch(line.entry(), action, line.directive, landing))
        except NotUnderstoodError as error:
            found.append(NotImported(line.directive, str(error)))
    return found


def _mapped(words: tuple[str, ...]) -> str | None:
    """The variable that is tested for being true, or for not being empty."""
    if len(words) == 1 or (len(words) == 3 and words[1:] == ("!=", "")):
        name = variable_of(words[0])
        return None if name is None else name.lower()
    return None


def _branch(entry: MapEntry, action: Directive, line: Directive, landing: Landings) -> IfBranch:
    if action.name == "return":
        body = returned(action, entry.source, ignores_case=entry.ignores_case)
        return IfBranch(line, entry.criteria, None, body)
    found = rewritten(action)
    if entry.source is not None and re.search(r"\$[1-9]", entry.value):
        raise NotUnderstoodError("`rewrite` has groups too: use `return` with those of a map")
    body, settings = landing(found)
    path = None if found.pattern == "^" else compiled(checked_regex(found.pattern), ignores_case=False)
    return IfBranch(line, entry.criteria, path, body, settings)


def _with_value(inner: Directive, name: str, value: str) -> Directive:
    """The directive with the value of a map in place of its variable."""
    variable = re.compile(rf"\$(?:\{{{name}\}}|{name}(?!\w))", re.ASCII | re.IGNORECASE)
    words = tuple(variable.sub(lambda _: value, word) for word in inner.arguments)
    return replace(inner, arguments=words)
