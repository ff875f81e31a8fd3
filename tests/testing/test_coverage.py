"""Which rules and branches count, and when they are reached."""

from __future__ import annotations

from prefetchrouter import Router
from prefetchrouter.rules.walk import applied
from prefetchrouter.testing import Coverage

ELSE = "else, after path matches /a, method is POST"


def chain() -> Router:
    """Return three branches, the last without criteria."""
    return Router().if_("/a", comment="a").elif_({"method": "POST"}, comment="b").else_(comment="c")


def test_each_branch_counts_by_itself() -> None:
    """Told by what leads there."""
    coverage = Coverage()
    coverage.add(chain().rules)
    assert [unit.text for unit in coverage.missed] == ["path matches /a", "method is POST", ELSE]


def test_rules_inside_a_branch_count_too() -> None:
    """Down to the features that a nested router adds."""
    coverage = Coverage()
    coverage.add(Router().match("/a", Router().get("/b", comment="x").always(comment="y")).rules)
    assert [unit.text for unit in coverage.missed] == [
        "path matches /a",
        "path matches /a; path matches /b and method is GET",
    ]


def test_branches_that_a_loop_writes_on_one_line_count_one_by_one() -> None:
    """Reaching one else says nothing about the others."""
    router, coverage = Router(), Coverage()
    for country in ("de", "fr"):
        inner = Router().if_("/:country/news", comment="news").else_(comment="rest")
        router.match(f"/{country}/:rest*", inner)
    coverage.add(router.rules)
    coverage.reach(applied(router.rules[0]))
    assert [unit.text for unit in coverage.missed] == [
        "path matches /fr/:rest*",
        "path matches /fr/:rest*; path matches /:country/news",
        "path matches /fr/:rest*; else, after path matches /:country/news",
    ]


def test_a_router_that_stands_in_two_branches_is_reached_in_both() -> None:
    """They are the same rules."""
    inner, coverage = Router().match("/a/:id", comment="x"), Coverage()
    router = Router().match("/a/:rest*", inner).match("/:rest*", inner)
    coverage.add(router.rules)
    coverage.reach(applied(inner.rules[0]))
    assert "path matches /:rest*; path matches /a/:id" not in [unit.text for unit in coverage.missed]


def test_reached_rules_are_no_longer_missed() -> None:
    """And the share grows."""
    router, coverage = chain(), Coverage()
    coverage.add(router.rules)
    coverage.reach(list(applied(router.rules[0]))[:1])
    assert [unit.text for unit in coverage.missed] == ["method is POST", ELSE]
    assert round(coverage.percent) == 33


def test_rules_that_are_not_known_are_not_counted() -> None:
    """Reaching them changes nothing."""
    coverage = Coverage()
    coverage.reach(applied(chain().rules[0]))
    assert (coverage.count, coverage.percent) == (0, 100.0)


def test_the_same_rules_loaded_twice_count_once() -> None:
    """They have the same lines and the same text."""
    coverage = Coverage()
    for _ in range(2):
        coverage.add(chain().rules)
    assert coverage.count == 3


def test_what_processes_noted_is_joined() -> None:
    """Reached in one of them is reached."""
    router, first, second = chain(), Coverage(), Coverage()
    for coverage, part in ((first, slice(0, 1)), (second, slice(1, 2))):
        coverage.add(router.rules)
        coverage.reach(list(applied(router.rules[0]))[part])
    whole = Coverage()
    whole.join(first.as_data())
    whole.join(second.as_data())
    assert [unit.text for unit in whole.missed] == [ELSE]
