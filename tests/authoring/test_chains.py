"""Chains: `if_`, `elif_` and `else_`, directly one after another, are one rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prefetchrouter import Router, and_, compile_rules, raw
from prefetchrouter.authoring.collect import gather
from prefetchrouter.errors import ChainError, CriteriaError, RoutesError, RuleError

A: Any = {"comment": "a"}
B: Any = {"comment": "b"}
C: Any = {"comment": "c"}


def path(pattern: str) -> dict[str, Any]:
    return {"==": [{"request": "path"}, pattern]}


def test_an_if_alone_is_a_chain_of_one_branch() -> None:
    """It need not go on."""
    assert compile_rules(Router().if_("/a", A)) == [{"if": [path("/a"), A]}]


def test_a_chain_is_one_rule() -> None:
    """Condition and target take turns, the fallback stands at the end."""
    router = Router().if_("/a", A).elif_("/b", B).elif_("/c", C).else_({})
    assert compile_rules(router) == [{"if": [path("/a"), A, path("/b"), B, path("/c"), C, {}]}]


def test_a_second_if_begins_a_second_chain() -> None:
    """Two chains, two rules."""
    router = Router().if_("/a", A).if_("/b", B).else_(C)
    assert compile_rules(router) == [{"if": [path("/a"), A]}, {"if": [path("/b"), B, C]}]


def test_a_chain_stands_where_it_began() -> None:
    """Rules before and after keep their places."""
    router = Router().always(A).if_("/b", B).elif_("/c", C).always(A)
    assert compile_rules(router) == [A, {"if": [path("/b"), B, path("/c"), C]}, A]


def test_keywords_are_features_of_the_branch() -> None:
    """As in `match`."""
    router = Router().if_("/a", comment="a").elif_("/b", comment="b").else_(comment="c")
    assert compile_rules(router) == [{"if": [path("/a"), A, path("/b"), B, C]}]


@pytest.mark.parametrize(
    "targets, body",
    [
        pytest.param((A, B), [A, B], id="features"),
        pytest.param((A, lambda route: route.set_comment("b")), [A, B], id="function"),
        pytest.param((Router().match("/n", B),), [{}, {"if": [path("/n"), B]}], id="router"),
        pytest.param((A, Router().match("/n", B)), [A, {"if": [path("/n"), B]}], id="features and router"),
        pytest.param(
            (Router().match("/n", B), A), [{}, {"if": [path("/n"), B]}, A], id="router and features"
        ),
        pytest.param((Router().always(B),), B, id="a list of one"),
        pytest.param((Router(),), [], id="empty router"),
        pytest.param((Router(), A), A, id="empty router and features"),
        pytest.param((Router().always(A).always(B), C), [A, B, C], id="flat"),
    ],
)
def test_several_targets_make_a_list(targets: Any, body: Any) -> None:
    """A list that would begin with an if begins with empty features; a list of one is unwrapped."""
    expected = [{"if": [path("/x"), body, path("/y"), body, body]}]
    assert compile_rules(Router().if_("/x", *targets).elif_("/y", *targets).else_(*targets)) == expected


def test_keywords_belong_to_the_first_of_several_targets() -> None:
    """The others stay as they are."""
    router = Router().if_("/a", {}, B, comment="a")
    assert compile_rules(router) == [{"if": [path("/a"), [A, B]]}]


def test_a_chain_can_stand_in_a_nested_router() -> None:
    """Nesting has no limit."""
    inner = Router().if_("/b", B).else_(C)
    assert compile_rules(Router().if_("/a", inner)) == [
        {"if": [path("/a"), [{}, {"if": [path("/b"), B, C]}]]}
    ]


ENDINGS: list[tuple[str, Callable[[Router], object]]] = [
    ("match", lambda router: router.match("/x", {})),
    ("get", lambda router: router.get("/x", {})),
    ("always", lambda router: router.always({})),
    ("catch", lambda router: router.catch(404, {})),
    ("conditional", lambda router: router.conditional({})),
    ("force_https", lambda router: router.force_https()),
    ("else_", lambda router: router.else_({})),
    ("use", lambda router: router.use(lambda plugged: plugged.always({}))),
]


@pytest.mark.parametrize("end", [pytest.param(end, id=name) for name, end in ENDINGS])
@pytest.mark.parametrize("method", ["elif_", "else_"])
def test_any_other_call_ends_a_chain(end: Callable[[Router], object], method: str) -> None:
    """An elif_ or else_ after it has no if_."""
    router = Router().if_("/a", A)
    end(router)
    with pytest.raises(ChainError, match=f"{method} does not follow an if_ or elif_") as raised:
        router.elif_("/b", B) if method == "elif_" else router.else_(B)
    assert raised.value.code == "chain-order"


@pytest.mark.parametrize("begin", [lambda: Router().elif_("/a", A), lambda: Router().else_(A)])
def test_a_chain_cannot_begin_without_if(begin: Callable[[], object]) -> None:
    """The message says what the order is."""
    with pytest.raises(ChainError, match=r"expected if_\(\.\.\.\)\.elif_\(\.\.\.\)\.else_\(\.\.\.\)"):
        begin()


EMPTY: list[Any] = [{}, and_({}), and_("/a", {}), and_()]


@pytest.mark.parametrize("criteria", EMPTY)
def test_empty_criteria_are_refused_in_a_branch(criteria: Any) -> None:
    """The branch would be true for every request, and what follows it for none."""
    with pytest.raises(CriteriaError) as raised:
        Router().if_(criteria, A)
    assert raised.value.code == "empty-criteria"


@pytest.mark.parametrize("criteria", EMPTY)
def test_empty_criteria_are_refused_in_an_elif_too(criteria: Any) -> None:
    """What the first branch holds does not matter."""
    with pytest.raises(CriteriaError) as raised:
        Router().if_("/a", A).elif_(criteria, B)
    assert raised.value.code == "empty-criteria"


def test_a_branch_takes_a_condition_in_the_rule_language() -> None:
    """As `raw` gives it."""
    condition = {"<": [{"random": 99}, 10]}
    assert compile_rules(Router().if_(raw(condition), A)) == [{"if": [condition, A]}]


def test_a_branch_without_target_is_refused() -> None:
    """As in `match`."""
    with pytest.raises(RuleError, match="a rule without features"):
        Router().if_("/a")


def test_a_mistake_in_a_branch_leaves_the_others_as_they_are() -> None:
    """While a routes file is loaded all its mistakes are reported, so the chain goes on."""
    with gather() as problems:
        router = Router().if_("/a", A).elif_("/b/*", B).elif_("/c", C).else_({})
    assert [problem.code for problem in problems] == ["path-pattern"]
    assert compile_rules(router) == [{"if": [path("/a"), A, path("/c"), C, {}]}]


def test_a_mistake_in_the_first_branch_does_not_make_the_others_wrong() -> None:
    """One mistake is reported once."""
    with gather() as problems:
        Router().if_("/a/*", A).elif_("/b", B).else_(C)
    assert [problem.code for problem in problems] == ["path-pattern"]


def test_a_mistake_in_else_ends_the_chain_all_the_same() -> None:
    """What is wrong is its features, not its place."""
    with gather() as problems:
        Router().if_("/a", A).else_(caching={"max_age": "1hr"}).match("/b", B)
    assert [problem.code for problem in problems] == ["duration"]


def test_outside_of_loading_a_mistake_is_raised_at_its_call() -> None:
    """Criteria and target of one call together."""
    router = Router().if_("/a", A)
    with pytest.raises(RoutesError):
        router.elif_("/b/*", caching={"max_age": "1hr"})
    with pytest.raises(CriteriaError):
        router.elif_("/b/*", B)


def test_a_chain_of_a_thousand_branches_is_one_rule() -> None:
    """Its length has no limit."""
    router = Router().if_("/p", A)
    for number in range(999):
        router.elif_(f"/p/{number}", B)
    assert len(compile_rules(router.else_(C))[0]["if"]) == 2001
