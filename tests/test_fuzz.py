"""Whatever is written in a routes file: a result or a coded error, never another exception, never a hang."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Duration, PathPattern, Property, Router, RuleSet, Size, load
from prefetchrouter.cli import main
from strategies.anything import CALLS, HELPERS, known, outcome, values, within
from strategies.effort import times
from strategies.programs import Program, programs, run


@given(st.sampled_from(CALLS), values, values)
@times(6)
def test_any_values_in_any_call_of_a_router(call: Any, a: Any, b: Any) -> None:
    """A router that builds, or a coded error."""
    router = Router()
    outcome(lambda: call(router, a, b))
    outcome(lambda: router)


@given(st.sampled_from(HELPERS), values, values)
@times(6)
def test_any_values_in_any_helper(call: Any, a: Any, b: Any) -> None:
    """The same inside a helper function."""
    outcome(lambda: Router().match("/p/:id", lambda route: call(route, a, b)))


@given(st.sampled_from([Duration, Size, PathPattern, RuleSet.from_json]), values)
def test_any_value_where_text_is_read(make: Any, value: Any) -> None:
    """Durations, sizes, patterns, and the JSON of a rule set."""
    outcome(lambda: make(value))


@given(st.dictionaries(known, values, max_size=3))
def test_any_value_in_a_property(fields: Any) -> None:
    """Around the rules it is no different."""
    outcome(lambda: Property(**fields))


@given(values)
def test_any_value_as_a_rule_set(value: Any) -> None:
    """As data, as a list, as the rules of a document."""
    for document in (value, [value], {"rules": [value]}, {"origins": value, "rules": []}):
        outcome(lambda document=document: RuleSet.from_json(document))  # type: ignore[misc]


@given(st.text(max_size=60) | st.text('{}[]",:1truefalsnifrules ', max_size=60))
def test_any_text_as_the_json_of_a_rule_set(text: str) -> None:
    """Broken or not."""
    outcome(lambda: RuleSet.from_json(text))


# Whole files


def literal(value: Any) -> str:
    """A value unchanged in a file; what has no such form is None."""
    match value:
        case re.Pattern():
            return f"re.compile({value.pattern!r})"
        case dict():
            return "{" + ", ".join(f"{literal(name)}: {literal(part)}" for name, part in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
        case str() | bytes() | bool() | None:
            return repr(value)
        case int() if abs(value) < 10**1000:
            return repr(value)
        case _:
            return "None"


STATEMENTS = [
    "router.match({a}, {b})", "router.match({a}, caching={b})", "router.if_({a}, {b})", "router.else_({a})",
    "router.get({a}, lambda route: route.proxy({b}))", "router.elif_({a}, {b})", "router.always({a})",
    "router.use({a})", "router.match({a}, Router().match({b}, {{}}))", "router.match(and_({a}, {b}), {{}})",
    "router = {a}", "for each in {a}: router.match(each, {b})", "Property(name={a}, origins={b})",
    "Origin(name={a}, hosts={b})", "CachingFeatures(max_age={a})", "import {a!s}", "{a}", "{a} = {b}",
    "router.{a!s}({b})", "raise {a}", "assert {a}",
]  # fmt: skip
statements = st.tuples(st.sampled_from(STATEMENTS), values, values).map(
    lambda made: made[0].format(a=literal(made[1]), b=literal(made[2]))
)


@given(st.lists(statements | st.text(max_size=20), max_size=4))
@times(2)
def test_any_routes_file_loads_or_says_what_is_wrong(tmp_path_factory: Any, lines: list[str]) -> None:
    """Through the loader, and through the command line with the exit code that goes with it."""
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    file = folder / "routes.py"
    start = "import re\nfrom prefetchrouter import *\nrouter = Router()\n"
    file.write_bytes((start + "\n".join(lines)).encode("utf-8", "surrogatepass"))
    with within(20):
        found = outcome(lambda: load(file).rule_set)
    code = main(["build", str(file), "--out", str(folder / "dist"), "--format", "json"])
    assert code == 0 if isinstance(found, RuleSet) else code in (1, 2)


@given(programs())
def test_a_random_program_builds(program: Program) -> None:
    """What is right is never an error."""
    assert isinstance(outcome(lambda: run(program)), Router)
