"""Atomic tests: each comparison of the rules once, whatever its spelling, and what engines need to print it.

An operator and its opposite are one test, since `!=` is true exactly where `==` is not, also of a header that
a request does not have: a test of what is missing is false, its negation true. Engines whose variables are
the empty text when there is no such header ask `needs_guard`.

    {"==": [{"request": "path"}, "/a/:id"]}                Matches(path, "(?i)^/a(?:/([^/#?]+?))[/#?]?$")
    {"==": [{"request": "path"}, "/about"]}                OneOf(path, ("/about", "/about/"), ignores_case)
    {"!=": ...}                                            the same test, negated where it is used
    {"in": [{"location": "country"}, ["DE", "AT"]]}        OneOf(location.country, ("DE", "AT"))
    {"===": [{"request": "client_ip"}, "10.0.0.0/8"]}      InNetworks(client-address, ("10.0.0.0/8",))
    {"<=": [720, {"device": "resolution_width"}, 1080]}    Ordered("<=", (720, device.resolution_width, 1080))
    {"===": [{"variable": "resp_age"}, 5]}                 HasNumber(response header age, 5)
    {"===": [{"request.header": "a"}, {...: "b"}]}         SameAs(header a, header b)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from prefetchrouter.http.named_facts import number_in, value_text
from prefetchrouter.http.request_target import path_operand
from prefetchrouter.lowering.readings import Reading, reading_of
from prefetchrouter.regex import to_python
from prefetchrouter.rules.conditions import Comparison, Operand, Variable
from prefetchrouter.rules.operators import OPERATORS, Relation
from prefetchrouter.rules.pattern import PathPattern

Order: TypeAlias = Literal["<", "<=", ">", ">="]
Likeness: TypeAlias = Literal["equal", "equal-but-for-case", "contains"]


@dataclass(frozen=True, slots=True)
class OneOf:
    """The text is one of these; without any, the test is never true.

    Args:
        reading: What is read.
        texts: The texts, each once; in lower case where case is ignored.
        ignores_case: Whether the letters A to Z count as a to z.
    """

    reading: Reading
    texts: tuple[str, ...]
    ignores_case: bool = False

    @property
    def needs_guard(self) -> bool:
        """Whether an engine that reads what is missing as "" has to test that it is there."""
        return self.reading.may_be_missing and "" in self.texts


@dataclass(frozen=True, slots=True)
class Matches:
    """A portable regular expression is found in the text.

    Args:
        reading: What is read.
        regex: The expression, as `prefetchrouter.regex.portable` makes it, with ``(?i)`` in front where case
            is ignored. ``$`` is the very end, and classes are ASCII.
        pattern: The path pattern that it was made of; None if the rule has an expression.
    """

    reading: Reading
    regex: str
    pattern: str | None = None

    @property
    def needs_guard(self) -> bool:
        """Whether an engine that reads what is missing as "" has to test that it is there."""
        return self.reading.may_be_missing and to_python(self.regex).search("") is not None


@dataclass(frozen=True, slots=True)
class InNetworks:
    """The text is an address in one of these networks, or one of these texts.

    Args:
        reading: What is read.
        networks: The networks as `ipaddress` writes them, such as ``10.0.0.0/8``.
        texts: All entries as the rule has them: a text that is not an address can be equal to one.
    """

    reading: Reading
    networks: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def needs_guard(self) -> bool:
        """Whether an engine that reads what is missing as "" has to test that it is there."""
        return self.reading.may_be_missing and "" in self.texts


@dataclass(frozen=True, slots=True)
class HasNumber:
    """The text is a number that equals this one, such as ``5.0`` for 5; False of other texts."""

    reading: Reading
    number: int | float

    needs_guard = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """Two or three numbers are in order; False where one of them is missing or no number.

    Args:
        order: The relation of each to the next.
        sides: Numbers, and readings whose text is to be one; None for a constant that is not a number.
    """

    order: Order
    sides: tuple[Reading | float | None, ...]

    needs_guard = False

    @property
    def reading(self) -> Reading:
        """The first reading among the sides."""
        return next(side for side in self.sides if isinstance(side, Reading))


@dataclass(frozen=True, slots=True)
class SameAs:
    """Two readings are alike; False where one of them is missing.

    Args:
        reading: What is read.
        other: What it is compared with.
        likeness: Equal, equal except for case, or that the first contains the second.
    """

    reading: Reading
    other: Reading
    likeness: Likeness

    @property
    def needs_guard(self) -> bool:
        """Whether an engine that reads what is missing as "" has to test that both are there."""
        return self.reading.may_be_missing or self.other.may_be_missing


Test: TypeAlias = OneOf | Matches | InNetworks | HasNumber | Ordered | SameAs


def readings_in(test: Test) -> tuple[Reading, ...]:
    """Return all that a test reads.

    Example:
        >>> readings_in(SameAs(Reading("host"), Reading("header", "x-host"), "equal"))[1].name
        'x-host'
    """
    match test:
        case OneOf() | Matches() | InNetworks() | HasNumber():
            return (test.reading,)
        case Ordered(sides=sides):
            return tuple(side for side in sides if isinstance(side, Reading))
        case SameAs(reading=reading, other=other):
            return reading, other


def is_late(test: Test) -> bool:
    """Return whether a test can only be decided once there is a response."""
    return any(found.is_late for reading in readings_in(test) for found in reading.all())


def atomic(comparison: Comparison, facts: Mapping[str, str] | None = None) -> Test:
    """Return the test of a comparison; that of an operator and of its opposite are equal.

    Args:
        comparison: The comparison.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> from prefetchrouter.rules.conditions import path_is
        >>> atomic(path_is("/About"))
        OneOf(reading=Reading(kind='path'), texts=('/about', '/about/'), ignores_case=True)
    """
    relation = OPERATORS[comparison.operator].relation
    variables = [operand for operand in comparison.operands if isinstance(operand, Variable)]
    if relation in ("<", "<=", ">", ">="):
        sides = (_side(operand, facts) for operand in comparison.operands)
        return Ordered(relation, tuple(sides))
    if len(variables) > 1:
        first, second = (reading_of(variable, facts) for variable in variables)
        return SameAs(first, second, _likeness(relation))
    variable, value = comparison.variable, comparison.value
    assert variable is not None
    assert value is not None
    return _of_value(relation, variable, value, reading_of(variable, facts))


def _likeness(relation: Relation) -> Likeness:
    match relation:
        case "===" | "in":
            return "equal"
        case "==":
            return "equal-but-for-case"
        case "=~":
            return "contains"
        case "<" | "<=" | ">" | ">=":
            raise AssertionError(f"{relation} compares numbers, not texts")


def _of_value(relation: Relation, variable: Variable, value: Operand, reading: Reading) -> Test:
    if reading.kind in ("path", "origin-path", "file-name", "extension", "directory"):
        value = cast("Operand", path_operand(relation, value))
    match relation:
        case "==":
            return _of_pattern(PathPattern(value_text(value)), reading)
        case "=~":
            return Matches(reading, value_text(value))
        case "in":
            return _one_of(variable, reading, value if isinstance(value, tuple) else (value,))
        case "===":
            return _equal(variable, value, reading)
        case "<" | "<=" | ">" | ">=":
            raise AssertionError(f"{relation} compares numbers, not texts")


def _equal(variable: Variable, value: Operand, reading: Reading) -> Test:
    kind = variable.spec.value
    if isinstance(value, bool) and kind != "boolean":
        return OneOf(reading, ())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return HasNumber(reading, value) if kind in ("integer", "decimal") else OneOf(reading, ())
    return _one_of(variable, reading, (value,))


def _of_pattern(pattern: PathPattern, reading: Reading) -> Test:
    is_path = reading.kind in ("path", "origin-path")
    if is_path and pattern.is_literal and pattern.literal_prefix.isascii():
        text = pattern.literal_prefix.lower()
        return OneOf(reading, (text, f"{text}/"), ignores_case=True)
    return Matches(reading, pattern.regex, pattern.text)


def _one_of(variable: Variable, reading: Reading, values: tuple[Operand, ...]) -> Test:
    texts = tuple(dict.fromkeys(_as_read(reading, value_text(value)) for value in values))
    if variable.spec.value == "address":
        networks = [found for found in map(_network, texts) if found is not None]
        if networks:
            return InNetworks(reading, tuple(dict.fromkeys(map(str, networks))), texts)
    return OneOf(reading, texts)


def _as_read(reading: Reading, text: str) -> str:
    """Return a part of a path as it is read: a directory without slash, an extension without dot."""
    if reading.kind == "directory":
        return text.rstrip("/")
    return text.removeprefix(".") if reading.kind == "extension" else text


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _side(operand: Operand, facts: Mapping[str, str] | None) -> Reading | float | None:
    if isinstance(operand, Variable):
        return reading_of(operand, facts)
    return number_in(value_text(operand))
