"""Large and deep input: a result or a coded error in good time, never the stack's end, never a hang."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import (
    Duration,
    PathPattern,
    PrefetchRouterError,
    Router,
    RuleSet,
    and_,
    build,
    exact,
    load,
    not_,
    raw,
)
from strategies.anything import CALLS, DIGITS, HELPERS, compiled, outcome, within


@pytest.mark.parametrize(
    "pattern",
    [
        "/" + "a" * 10_000,
        "/:a" * 3_000,
        "/:" + "a" * 10_000,
        "/" + "(" * 10_000,
        "/" + ":a(" + "(" * 5_000 + ")" * 5_000 + ")",
        "/" + "{" * 10_000,
        "/" + "\\" * 10_001,
        "/" + "*" * 10_000,
        "/:a(" + "a+" * 5_000 + ")",
        "/" + ":a?" * 3_000,
        "".join(f"/:p{number}" for number in range(1500)),
        "".join(f"/:p{number}*" for number in range(1500)),
        "".join(f"{{/:p{number}}}?" for number in range(1200)),
    ],
    ids=lambda pattern: f"{pattern[:8]}...",
)
def test_a_pattern_of_ten_thousand_characters(pattern: str) -> None:
    """Matched too, when it is one."""
    with within(10):
        found = outcome(lambda: PathPattern(pattern))
        if isinstance(found, PathPattern):
            found.match("/" + "a" * 1000)
        outcome(lambda: Router().match(pattern, {}))


@pytest.mark.parametrize(
    "regex",
    [
        "a" * 10_000,
        "(a|" * 3_000,
        "(?:" * 200 + ")" * 200,
        "[a-z]" * 2_000,
        "a{1,1000}" * 500,
        "|" * 10_000,
        "(a*)*" * 500,
    ],
)
def test_an_expression_of_ten_thousand_characters(regex: str) -> None:
    """Compiled by the user, or in the rule language."""
    with within(20):
        outcome(lambda: Router().match(compiled(regex), {}))
        outcome(lambda: Router().match(raw({"=~": [{"request": "path"}, regex]}), {}))


def test_a_chain_of_a_thousand_branches() -> None:
    """One rule, built and read again."""
    router = Router().if_("/p/0/:id", caching={"max_age": "1h"})
    for number in range(1, 1000):
        router.elif_(f"/p/{number}/:id", caching={"max_age": "1h"})
    with within(20):
        found = outcome(lambda: router.else_({}))
        outcome(lambda: RuleSet.from_json(build(found)["ruleset.json"]))


def test_an_and_of_ten_thousand_members() -> None:
    """Wide is not deep."""
    with within(20):
        outcome(lambda: Router().match(and_(*["/a"] * 10_000), {}))


@pytest.mark.parametrize("number", [DIGITS, -DIGITS], ids=["positive", "negative"])
def test_a_number_of_a_hundred_thousand_digits(number: int) -> None:
    """Wherever a number can stand."""
    with within(20):
        for call in CALLS:
            outcome(lambda call=call: call(Router(), number, number))  # type: ignore[misc]
        for helper in HELPERS:
            outcome(lambda helper=helper: Router().match("/", lambda route: helper(route, number, number)))  # type: ignore[misc]
        outcome(lambda: RuleSet.from_json("1" * 100_000))
        outcome(lambda: Duration("1" * 100_000 + "s"))


DEEP: list[Callable[[Any], Any]] = [
    lambda inner: [inner],
    lambda inner: {"a": inner},
    lambda inner: {"caching": inner},
    lambda inner: {"if": [{"===": [{"request": "path"}, "/"]}, inner]},
    lambda inner: {"and": [inner]},
    lambda inner: and_(inner),
    lambda inner: not_(inner),
    lambda inner: exact(inner),
    lambda inner: raw(inner),
]


@pytest.mark.parametrize("wrap", DEEP)
def test_values_nested_a_hundred_thousand_deep(wrap: Callable[[Any], Any]) -> None:
    """Never the stack's end."""
    deep: Any = {}
    for _ in range(100_000):
        deep = wrap(deep)
    with within(60):
        for call in CALLS:
            outcome(lambda call=call: call(Router(), deep, deep))  # type: ignore[misc]
        for helper in HELPERS:
            outcome(lambda helper=helper: Router().match("/", lambda route: helper(route, deep, deep)))  # type: ignore[misc]
        outcome(lambda: RuleSet.from_json(deep))


def test_routers_nested_a_thousand_deep() -> None:
    """Python's own nesting has the same end as the rule language's."""
    with within(20):
        outcome(lambda: _nested(1000))
        assert isinstance(outcome(lambda: _nested(48)), Router)


def _nested(depth: int) -> Router:
    router = Router().match("/", {})
    for _ in range(depth):
        router = Router().match("/", router)
    return router


def test_a_file_of_ten_thousand_mistakes_tells_them_all(tmp_path: Path) -> None:
    """In one go."""
    file = tmp_path / "routes.py"
    file.write_text(
        "from prefetchrouter import Router\nrouter = Router()\n"
        "for number in range(10_000):\n    router.match(f'/{number}/*', {})\n"
    )
    with within(30), pytest.raises(PrefetchRouterError) as raised:
        load(file)
    assert len(raised.value.diagnostics) == 10_000
