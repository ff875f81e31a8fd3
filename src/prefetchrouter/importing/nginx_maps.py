"""``map`` of nginx: values of one variable by those of another, as tables of redirects are written.

Source: ngx_http_map_module: texts come before expressions and ignore letter case; the first expression that
matches counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.nginx_conditions import Criteria, criterion, variable_of
from prefetchrouter.importing.nginx_conf import Directive
from prefetchrouter.regex import literal


@dataclass(frozen=True)
class MapEntry:
    """One line of a map.

    Args:
        directive: The line.
        criteria: What a request has that gets the value; None for the default.
        value: The value.
        source: The expression of the path whose groups the value may name, or None.
        ignores_case: Whether that ignores letter case.
    """

    directive: Directive
    criteria: Criteria | None
    value: str
    source: str | None = None
    ignores_case: bool = False


def maps_of(directives: Sequence[Directive]) -> Mapping[str, Directive]:
    """Return the maps among directives, by the name of the variable that each makes."""
    found: dict[str, Directive] = {}
    for each in directives:
        if each.name == "map" and len(each.arguments) == 2:
            name = variable_of(each.arguments[1])
            if name is not None:
                found[name.lower()] = each
    return found


@dataclass(frozen=True)
class MapLine:
    """One line of a map, as it is written.

    Args:
        directive: The line.
        variable: The variable whose values the map has.
        key: A value of it, or an expression after ``~`` or ``~*``; None for the default.
        value: What it becomes.
    """

    directive: Directive
    variable: str
    key: str | None
    value: str

    def entry(self) -> MapEntry:
        """Return what the line means.

        Raises:
            NotUnderstoodError: No criterion does the same.
        """
        if self.key is None:
            return MapEntry(self.directive, None, self.value)
        if not self.key.startswith("~"):
            text = literal(self.key.removeprefix("\\"))
            return MapEntry(self.directive, criterion(self.variable, "~*", f"^{text}$"), self.value)
        test = "~*" if self.key.startswith("~*") else "~"
        pattern = self.key.removeprefix(test)
        criteria = criterion(self.variable, test, pattern)
        if "path" not in criteria and re.search(r"\$[1-9]", self.value):
            raise NotUnderstoodError("only an expression of $uri has groups that a destination can name")
        source = pattern if "path" in criteria else None
        return MapEntry(self.directive, criteria, self.value, source, test == "~*")


def lines_of(directive: Directive) -> list[MapLine]:
    """Return the lines of a map in the order in which nginx tries them, the default last.

    Raises:
        NotUnderstoodError: The map has lines without which the others mean something else.
    """
    variable = variable_of(directive.arguments[0])
    if variable is None:
        raise NotUnderstoodError("its map is of a text of several variables")
    lines = list(_lines(directive.block or (), variable.lower()))
    if any(line.key is not None and not _is_true(line.value) for line in lines):
        raise NotUnderstoodError("its map has an exception, an entry without a value")
    return sorted((line for line in lines if _is_true(line.value)), key=_place)


def _lines(block: Sequence[Directive], variable: str) -> Iterator[MapLine]:
    for each in block:
        if each.name == "volatile" and not each.arguments:
            continue
        if each.name in ("hostnames", "include") or len(each.arguments) != 1:
            raise NotUnderstoodError(f'its map has a line with "{each.name}"')
        yield MapLine(each, variable, None if each.name == "default" else each.name, each.arguments[0])


def _place(line: MapLine) -> int:
    """Texts come first, then expressions, then the default."""
    return 2 if line.key is None else int(line.key.startswith("~"))


def _is_true(value: str) -> bool:
    return value not in ("", "0")
