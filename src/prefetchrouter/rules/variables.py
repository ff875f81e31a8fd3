"""The variables of conditions, with the operators of each.

A variable is written `{namespace: name}`, such as `{"request": "path"}` or `{"request.header": "accept"}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from prefetchrouter.rules import variable_tables as tables
from prefetchrouter.rules.variable_tables import ANY, Phase, Row


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """The documentation of one variable.

    Args:
        namespace: Its namespace, such as ``"request"``.
        name: Its name there; ``"<name>"`` or ``"<max>"`` for any name or whole number.
        operators: The operators it can be compared with.
        value: The kind of its value: ``"text"``, ``"digits"``, ``"integer"``, ``"decimal"``, ``"boolean"``,
            ``"address"``, ``"host"``, ``"path"``, ``"country"``, ``"status"`` or ``"choice"``.
        choices: The words of a ``"choice"``.
        phase: ``"response"`` when it is known only once there is a response.
        in_manifest: Whether browsers can evaluate it from a URL.
        criterion: How criteria name it, such as ``"headers.<name>"``; None if only `raw` can test it.
        summary: One line about it.

    Example:
        >>> lookup("request", "path").phase
        'request'
    """

    namespace: str
    name: str
    operators: tuple[str, ...]
    value: str
    choices: tuple[str, ...]
    phase: Phase
    in_manifest: bool
    criterion: str | None
    summary: str


@lru_cache(maxsize=4096, typed=True)
def lookup(namespace: str, name: str | int) -> VariableSpec | None:
    """Return the documentation of a variable, or None if it is unknown.

    Args:
        namespace: The key of the variable object.
        name: Its value: text, or a whole number for ``random``.

    Example:
        >>> lookup("request.header", "accept").criterion
        'headers.<name>'
        >>> lookup("random", 99).operators
        ('<', '<=', '>', '>=')
        >>> lookup("request", "pth") is None
        True
    """
    if isinstance(name, bool):
        return None
    if isinstance(name, int):
        return _ANY_NAME.get(namespace) if namespace == "random" and name >= 0 else None
    if found := _BY_NAME.get((namespace, name)):
        return found
    if namespace in _ANY_NAME:
        return _ANY_NAME[namespace] if name and namespace != "random" else None
    if namespace == "variable":
        return next((spec for start, spec in _FAMILIES if name.startswith(start) and name != start), None)
    return None


def split_name(full: str) -> tuple[str, str] | None:
    """Return the namespace and the name that a full name spells, or None if there is no such namespace.

    Namespaces are nested and names may have dots in them, so the longest namespace counts.

    Example:
        >>> split_name("request.path"), split_name("request.path.extension"), split_name("request.header.x.y")
        (('request', 'path'), ('request.path', 'extension'), ('request.header', 'x.y'))
    """
    inside = [namespace for namespace in NAMESPACES if full.startswith(f"{namespace}.")]
    namespace = max(inside, key=len, default=None)
    return None if namespace is None else (namespace, full[len(namespace) + 1 :])


def names_in(namespace: str) -> tuple[str, ...]:
    """Return the names of a namespace, for lists and proposals.

    Example:
        >>> names_in("request.path")
        ('directory', 'extension', 'filename')
    """
    return _NAMES.get(namespace, ())


def all_variables() -> tuple[VariableSpec, ...]:
    """Return every documented variable, in the order of the namespaces.

    Example:
        >>> len(all_variables())
        96
    """
    return _DOCUMENTED


def _spec(namespace: str, row: Row, phase: Phase, criteria: str | None) -> VariableSpec:
    name, operators, value, summary = row
    choices = tuple(value.split()) if " " in value else ()
    if namespace == "request":
        in_manifest = name in tables.KNOWN_TO_BROWSERS
        criteria = None if name in tables.WITHOUT_CRITERION else criteria
    else:
        in_manifest = namespace in {"request.path", "request.origin_query"}
    criterion = criteria.format(name) if criteria else None
    kind = "choice" if choices else value
    return VariableSpec(namespace, name, operators, kind, choices, phase, in_manifest, criterion, summary)


_DOCUMENTED: Final = tuple(
    _spec(namespace, row, phase, criteria)
    for namespace, phase, criteria, rows in tables.TABLES
    for row in rows
)
NAMESPACES: Final = tuple(dict.fromkeys(spec.namespace for spec in _DOCUMENTED))
"""Every namespace that a variable can be in."""

_ANY_NAME: Final = {spec.namespace: spec for spec in _DOCUMENTED if spec.name.startswith("<")}
_FAMILIES: Final = tuple(
    (start, _spec("variable", (f"{start}<name>", ANY, "text", summary), phase, "variable.{}"))
    for start, phase, summary in tables.FAMILIES
)
_BY_NAME: Final = {
    (spec.namespace, spec.name): spec
    for spec in (
        *(
            _spec(
                "variable",
                (name, ANY, "text", f"The feature variable %{{{name}}}."),
                "request",
                "variable.{}",
            )
            for name in tables.FEATURE_VARIABLES.split()
        ),
        *(spec for spec in _DOCUMENTED if spec.namespace not in _ANY_NAME),
    )
}
_NAMES: Final = {
    namespace: tuple(name for space, name in _BY_NAME if space == namespace) for namespace in NAMESPACES
}
