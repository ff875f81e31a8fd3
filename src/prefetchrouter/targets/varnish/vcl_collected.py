"""What the printer finds in the rules beforehand: what they read, and what needs a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from prefetchrouter.lowering.lowered import Lowered
from prefetchrouter.lowering.parts import Filled, Part
from prefetchrouter.lowering.plans import Plan
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.tests import readings_in
from prefetchrouter.targets.varnish.vcl_fill import CannotFill, reading_for


class Numbered:
    """Things that code is printed for, by number; equal ones once."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, thing: Any) -> str:
        """Return the number of a thing, in five digits."""
        number = self._numbers.setdefault(repr(thing), len(self.found))
        if number == len(self.found):
            self.found.append(thing)
        return f"{number + 1:05d}"


def readings_of(lowered: Lowered) -> list[Reading]:
    """Return everything that rules read, each once, in order."""
    found = [reading for test in lowered.tests for reading in readings_in(test)]
    for plan in lowered.plans:
        for part in _parts(plan):
            with suppress(CannotFill):  # reported where the rule is printed
                found += [reading_for(part)] if isinstance(part, Filled) else []
    return list(dict.fromkeys(found))


def _parts(plan: Plan) -> Iterator[Part | Any]:
    """Yield the parts of all texts of a plan."""
    for operations in (plan.headers("request"), plan.headers("origin_response"), plan.headers("response")):
        for operation in operations:
            yield from operation.text
    yield from plan.body or ()
    for parts in plan.key_expressions:
        yield from parts
    if isinstance(plan.status, tuple):
        yield from plan.status
    for to in (plan.redirect.to if plan.redirect else None, plan.key_rewrite, *(plan.rewrites or ())):
        yield from to.pieces if to is not None else ()
