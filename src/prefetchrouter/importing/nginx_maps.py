"""``map`` of nginx: values of one variable by those of another, as tables of redirects are written.

Source: ngx_http_map_module: texts come before expressions and ignore letter case; the first expression that
matches counts.
"""

from __future__ import annotations

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


def entries_of(directive: Directive) -> list[MapEntry]:
    """Return the lines of a map in the order in which nginx tries them, the default last.

    Raises:
        NotUnderstoodError: A line has no counterpart.
    """
    variable = variable_of(directive.arguments[0])
    if variable is None:
        raise NotUnderstoodError("its map is of a text of several variables")
    texts: list[MapEntry] = []
    regexes: list[MapEntry] = []
    defaults: list[MapEntry] = []
    for each, key, value in _lines(directive.block or ()):
        if key is None:
            defaults = [MapEntry(each, None, value)] if _is_true(value) else []
        elif not _is_true(value):
            raise NotUnderstoodError("its map has an exception, an entry without a value")
        elif key.startswith("~"):
            ignores_case = key.startswith("~*")
            pattern = key[2 if ignores_case else 1 :]
            criteria = criterion(variable.lower(), "~*" if ignores_case else "~", pattern)
            source = pattern if "path" in criteria else None
            regexes.append(MapEntry(each, criteria, value, source, ignores_case))
        else:
            text = key.removeprefix("\\")
            texts.append(MapEntry(each, criterion(variable.lower(), "~*", f"^{literal(text)}$"), value))
    return texts + regexes + defaults


def _lines(block: Sequence[Directive]) -> Iterator[tuple[Directive, str | None, str]]:
    for each in block:
        if each.name == "volatile" and not each.arguments:
            continue
        if each.name in ("hostnames", "include") or len(each.arguments) != 1:
            raise NotUnderstoodError(f'its map has a line with "{each.name}"')
        yield each, None if each.name == "default" else each.name, each.arguments[0]


def _is_true(value: str) -> bool:
    return value not in ("", "0")
