"""Facts: what rules can test of a visitor that no request says, such as the country, and where to find it.

A platform in front of the rules knows them, and says them in a header or by a property that only it has.
`facts` of a site's `Property` maps each to one of these, so that every edge finds it in the same place:

    {"location.country": "header:cf-ipcountry", "location.city": "platform:city"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from prefetchrouter.errors import Diagnostic, did_you_mean, shown
from prefetchrouter.rules.feature_errors import Problems
from prefetchrouter.rules.header_syntax import NAME_EXPECTED, bad_in_name
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.variables import NAMESPACES, lookup, names_in

_GIVEN: Final = frozenset({"location", "device", "mtls", "variable", "random"})
_GIVEN_OF_REQUESTS: Final = frozenset({"client_ip", "pop_code", "referring_domain"})
_SOURCE = re.compile(r"(header|platform):(.*)", re.S)
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}")
_EXPECTED: Final = '"header:NAME" or "platform:NAME"'


@lru_cache(maxsize=1024)
def variable_called(name: str) -> tuple[str, str | int] | None:
    """Return namespace and name of the variable that a fact is called by, or None.

    Example:
        >>> variable_called("request.header.accept"), variable_called("location.contry")
        (('request.header', 'accept'), None)
    """
    if name == "random":
        return "random", 0
    for namespace in sorted(NAMESPACES, key=len, reverse=True):
        if name.startswith(namespace + "."):
            own: str | int = name[len(namespace) + 1 :]
            if namespace == "random" and str(own).isdecimal() and len(str(own)) < 10:
                own = int(own)
            if lookup(namespace, own) is not None:
                return namespace, own
    return None


def is_given(namespace: str, name: str | int) -> bool:
    """Return whether a variable is a fact that has to be given, since it does not follow from the request.

    Example:
        >>> is_given("location", "country"), is_given("request", "path")
        (True, False)
    """
    return namespace in _GIVEN or (namespace == "request" and name in _GIVEN_OF_REQUESTS)


def fact_sources(value: object) -> FrozenDict[str, str]:
    """Return where facts are found, checked; names of headers are in lower case.

    Args:
        value: The sources by the names of the facts, as a user writes them.

    Raises:
        Problems: A name is not that of a fact, or a source is invalid; all of them.

    Example:
        >>> fact_sources({"location.country": "header:CF-IPCountry"})
        {'location.country': 'header:cf-ipcountry'}
    """
    if not isinstance(value, Mapping):
        raise _problem(
            shown(value), expected='a mapping, such as {"location.country": "header:cf-ipcountry"}'
        )
    found: dict[str, str] = {}
    problems: list[Problems] = []
    for name, source in value.items():
        try:
            found[_checked_name(name)] = _checked_source(name, source)
        except Problems as error:
            problems.append(error)
    if problems:
        raise Problems([each for error in problems for each in error.found])
    return FrozenDict(found)


def _checked_name(name: object) -> str:
    known = variable_called(name) if isinstance(name, str) else None
    if known is None:
        names = [f"{space}.{own}" for space in NAMESPACES for own in names_in(space) if is_given(space, own)]
        raise _problem(
            f"{shown(name)} is not the name of a fact",
            expected='one such as "location.country"',
            hint=did_you_mean(name, names) if isinstance(name, str) else None,
        )
    spec = lookup(*known)
    if spec is not None and spec.phase == "response":
        raise _problem(f"{shown(name)} belongs to a response", hint="every edge knows it")
    if known[0] == "random":
        raise _problem(f"{shown(name)} is drawn for each request", hint="every edge does that")
    if not is_given(*known):
        raise _problem(f"{shown(name)} follows from the request", hint="every edge knows it")
    return str(name)


def _checked_source(name: object, source: object) -> str:
    found = _SOURCE.fullmatch(source) if isinstance(source, str) else None
    if found is None:
        plain = isinstance(source, str) and bad_in_name(source) is None
        hint = f'write "header:{source}"' if plain else None
        raise _problem(f"{name}: {shown(source)} is not a source of a fact", expected=_EXPECTED, hint=hint)
    kind, own = found[1], found[2]
    if kind == "platform":
        if not _PROPERTY.fullmatch(own):
            raise _problem(
                f"{name}: {shown(own)} is not the name of a property of a platform",
                expected='a name such as "country"',
            )
        return f"platform:{own}"
    bad = bad_in_name(own)
    if bad is not None:
        holds = "it is empty" if bad == "" else f"it holds {bad!a}"
        raise _problem(f"{name}: {shown(own)} is not a header name: {holds}", expected=NAME_EXPECTED)
    return f"header:{own.lower()}"


def header_facts(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each fact that is found in one.

    Example:
        >>> header_facts({"location.country": "header:cf-ipcountry", "location.city": "platform:city"})
        {'location.country': 'cf-ipcountry'}
    """
    return {
        name: source.removeprefix("header:")
        for name, source in sources.items()
        if source.startswith("header:")
    }


def _problem(message: str, *, expected: str | None = None, hint: str | None = None) -> Problems:
    return Problems([((), Diagnostic("property", message, expected=expected, hint=hint))])
