"""Tests and guards as conditions of VCL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from prefetchrouter.lowering.guards import Every, Guard, Is, Some
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.tests import HasNumber, InNetworks, Matches, OneOf, Ordered, SameAs, Test
from prefetchrouter.targets.varnish.vcl_readings import CLIENT, Read, VclMessages, read
from prefetchrouter.targets.varnish.vcl_text import Vcl, literal_regex, regex, string

_MOST_EQUALITIES: Final = 3
_DECODED: Final = frozenset({"parameter"})
NUMBER: Final = r"^[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[ \t]*$"


def condition(
    test: Test, place: VclMessages = CLIENT, networks: dict[tuple[str, ...], str] | None = None
) -> Vcl:
    """Return a test as a condition, in parentheses where it needs them.

    Args:
        test: The test.
        place: Which subroutines it is for.
        networks: Names of the lists of networks, which the caller declares; they are added here.

    Example:
        >>> condition(Matches(Reading("header", "accept"), "^text/"))
        'req.http.accept ~ "^text/"'
    """
    match test:
        case OneOf():
            return _one_of(test, read(test.reading, place))
        case Matches(reading=reading, regex=expression):
            found = read(reading, place)
            made = f"{found.value} ~ {regex(expression, is_utf_8=reading.kind in _DECODED)}"
            return _guarded(found, Vcl(made), test.needs_guard)
        case InNetworks():
            return _in_networks(test, read(test.reading, place), {} if networks is None else networks)
        case HasNumber(reading=reading, number=number):
            found = read(reading, place)
            return _ordered([(_number(found), "==", real(number))], [found])
        case Ordered():
            return _in_order(test, place)
        case SameAs(reading=reading, other=other, likeness=likeness):
            return _same_as(read(reading, place), read(other, place), likeness)


def _guarded(found: Read, made: Vcl, needs_guard: bool) -> Vcl:
    if found.present == "false":
        return Vcl("false")
    return Vcl(f"({found.present} && {made})") if needs_guard and found.present else made


def _one_of(test: OneOf, found: Read) -> Vcl:
    if not test.texts or found.present == "false":
        return Vcl("false")
    plain = all(text.isascii() for text in test.texts)
    if plain and not test.ignores_case and len(test.texts) <= _MOST_EQUALITIES:
        equalities = [f"{found.value} == {string(text)}" for text in test.texts]
        made = equalities[0] if len(equalities) == 1 else f"({' || '.join(equalities)})"
    else:
        flags = "(?i)" if test.ignores_case else ""
        expression = f"{flags}^{_alternatives(test.texts)}$"
        made = f"{found.value} ~ {regex(expression, is_utf_8=test.reading.kind in _DECODED)}"
    return _guarded(found, Vcl(made), test.needs_guard)


def _alternatives(texts: tuple[str, ...]) -> str:
    if len(texts) == 2 and texts[1] == f"{texts[0]}/":
        return f"{literal_regex(texts[0])}/?"
    if len(texts) == 1:
        return literal_regex(texts[0])
    return f"(?:{'|'.join(map(literal_regex, texts))})"


def _in_networks(test: InNetworks, found: Read, networks: dict[tuple[str, ...], str]) -> Vcl:
    if found.present == "false":
        return Vcl("false")
    name = networks.setdefault(test.networks, f"pr_networks_{len(networks) + 1}")
    if test.reading == Reading("client-address"):
        return Vcl(f"client.ip ~ {name}")
    # What is not an address is in no network.
    is_in = f'std.ip({found.value}, "255.255.255.255", resolve=false) ~ {name}'
    return _guarded(found, Vcl(f'({is_in} && {found.value} ~ "^[0-9A-Fa-f:.]+\\z")'), True)


def _number(found: Read) -> str:
    return f"std.real({found.value}, 0.0)"


def _ordered(pairs: Sequence[tuple[str, str, str]], reads: list[Read]) -> Vcl:
    checks = [f"{found.value} ~ {regex(NUMBER)}" for found in reads]
    tests = [f"{left} {relation} {right}" for left, relation, right in pairs]
    return Vcl(f"({' && '.join([*dict.fromkeys(checks), *tests])})")


def _in_order(test: Ordered, place: VclMessages) -> Vcl:
    sides, reads = [], []
    for side in test.sides:
        if side is None:
            return Vcl("false")
        if isinstance(side, Reading):
            found = read(side, place)
            if found.present == "false":
                return Vcl("false")
            reads.append(found)
            sides.append(_number(found))
        else:
            sides.append(real(side))
    pairs = [(left, test.order, right) for left, right in pairwise(sides)]
    return _ordered(pairs, reads)


def real(number: float) -> str:
    """Return a number as VCL writes it: without an exponent, and with a point."""
    text = f"{float(number):.3f}"
    return re.sub(r"(\.[0-9]*?[1-9]|\.0)0*$", r"\1", text)


def _same_as(left: Read, right: Read, likeness: str) -> Vcl:
    if "false" in (left.present, right.present):
        return Vcl("false")
    there = [str(found.present) for found in (left, right) if found.present]
    match likeness:
        case "contains":
            made = f"str.contains({left.value}, {right.value})"
        case "equal-but-for-case":
            made = f"std.tolower({left.value}) == std.tolower({right.value})"
        case _:
            made = f"{left.value} == {right.value}"
    return Vcl(f"({' && '.join([*there, made])})")


def guard_condition(guard: Guard, of_test: dict[int, Vcl]) -> Vcl:
    """Return a guard as a condition.

    Args:
        guard: The guard.
        of_test: The condition of each test that it refers to.

    Example:
        >>> guard_condition(Every((Is(0), Is(1, negated=True))), {0: Vcl("a"), 1: Vcl("b == c")})
        'a && !(b == c)'
    """
    match guard:
        case Is(test=number, negated=negated):
            return _negated(of_test[number]) if negated else of_test[number]
        case Every(members=members):
            if not members:
                return Vcl("true")
            return Vcl(" && ".join(_inside(member, of_test) for member in members))
        case Some(members=members):
            if not members:
                return Vcl("false")
            return Vcl(" || ".join(_inside(member, of_test) for member in members))


def _inside(guard: Guard, of_test: dict[int, Vcl]) -> str:
    made = guard_condition(guard, of_test)
    return made if isinstance(guard, Is) else f"({made})"


def _negated(made: Vcl) -> Vcl:
    if made in ("true", "false"):
        return Vcl("false" if made == "true" else "true")
    if made.count(" ~ ") == 1 and "(" not in made.split(" ~ ")[0] and "&&" not in made:
        return Vcl(made.replace(" ~ ", " !~ ", 1))
    return Vcl(f"!{made}" if made.startswith("(") else f"!({made})")
