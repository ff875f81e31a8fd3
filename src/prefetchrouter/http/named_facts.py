"""Facts of a request that its message does not contain, such as ``location.country``, by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from prefetchrouter.errors import did_you_mean, shown
from prefetchrouter.http.header_fields import invalid
from prefetchrouter.rules.facts import is_given, variable_called
from prefetchrouter.rules.header_syntax import bad_in_value
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.variables import NAMESPACES, names_in

Fact: TypeAlias = str | bool | int | float

_NUMBER = re.compile(r"\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)\s*")


def checked_facts(facts: Mapping[str, Fact]) -> FrozenDict[str, str]:
    """Return facts as a request has them, each as text.

    Raises:
        RequestError: There is no such fact, or a value is invalid.

    Example:
        >>> checked_facts({"device.is_smartphone": True, "random": 7})
        {'device.is_smartphone': 'true', 'random': '7'}
    """
    return FrozenDict(dict(_facts(facts)))


def _facts(facts: object) -> Iterator[tuple[str, str]]:
    if not isinstance(facts, Mapping):
        raise invalid(f"facts: {shown(facts)}", expected='a mapping, such as {"location.country": "DE"}')
    for name, value in facts.items():
        namespace, own = variable_named(name)
        if namespace == "response":
            raise invalid(f"facts: {shown(name)} belongs to a response", hint="give response=Response(...)")
        if not is_given(namespace, own):
            raise invalid(
                f"facts: {shown(name)} follows from the rest of the request",
                hint="give it by url, method, headers or cookies",
            )
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, int | float):
            value = number_text(value)
        elif not isinstance(value, str):
            raise invalid(f"facts: {name}: {shown(value)}", expected="text, a number, True or False")
        bad = bad_in_value(value)
        if bad is not None:
            raise invalid(f"facts: {name}: {shown(value)} holds {bad!a}", expected="text on one line")
        yield name, value


def number_text(value: int | float) -> str:
    """Return a number as text, whole ones without a fraction.

    Example:
        >>> number_text(404), number_text(2.0), number_text(1.5)
        ('404', '2', '1.5')
    """
    try:
        return str(int(value)) if value == int(value) else repr(value)
    except (OverflowError, ValueError):  # infinite, not a number, or of thousands of digits
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def number_in(text: str | None) -> float | None:
    """Return the number that a text holds, perhaps with blanks around it, or None if it is not a number.

    Example:
        >>> number_in(" 1e3 "), number_in("12px"), number_in(None)
        (1000.0, None, None)
    """
    found = _NUMBER.fullmatch(text) if text is not None and len(text) < 400 else None
    return float(found[1]) if found else None


def value_text(value: object) -> str:
    """Return a value of a condition as text, as facts are.

    Example:
        >>> value_text(True), value_text(404), value_text("a")
        ('true', '404', 'a')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return number_text(value) if isinstance(value, int | float) else str(value)


def unknown_facts(names: object) -> tuple[str, ...]:
    """Return the names of facts that may have any value.

    Args:
        names: Names such as ``"location.country"``, ``"device.*"`` or ``"*"``.

    Raises:
        RequestError: A name is that of no fact.

    Example:
        >>> unknown_facts(["device.*"])
        ('device.*',)
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise invalid(f"unknown={shown(names)}", expected='names, such as ("location.country",) or ("*",)')
    checked = tuple(names)
    for name in checked:
        if name == "*":
            continue
        if isinstance(name, str) and name.endswith(".*") and name[:-2] in NAMESPACES:
            continue
        variable_named(name)
    return checked


def variable_named(name: object) -> tuple[str, str | int]:
    """Return namespace and name of the variable that a fact is called by.

    Raises:
        RequestError: There is no such variable.

    Example:
        >>> variable_named("request.header.accept")
        ('request.header', 'accept')
    """
    found = variable_called(name) if isinstance(name, str) else None
    if found is None:
        known = [f"{space}.{own}" for space in NAMESPACES for own in names_in(space)]
        raise invalid(
            f"{shown(name)} is not the name of a fact",
            expected='one such as "location.country"',
            hint=did_you_mean(name, known) if isinstance(name, str) else None,
        )
    return found
