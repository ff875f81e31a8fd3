"""What differs between two rule sets, and that nothing is missed."""

from __future__ import annotations

from random import Random

import pytest

from prefetchrouter import CachingDict, Host, Hostname, Origin, Property, Request, Router, RuleSet
from prefetchrouter.comparison import RuleSetComparison, compare
from prefetchrouter.comparison.behaviour import behaviour
from prefetchrouter.errors import PrefetchRouterError
from prefetchrouter.evaluation import Evaluator
from prefetchrouter.rules.rule import Rule
from strategies.index_cases import requests, rule_set

PAGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}


def changed(comparison: RuleSetComparison) -> list[tuple[str, str, str | None, str | None]]:
    """Each change with the path of its request."""
    return [
        (difference.request.path, change.aspect, change.before, change.after)
        for difference in comparison.differences
        for change in difference.changes
    ]


def test_a_lifetime_that_changed_is_shown_once_with_a_request() -> None:
    """The plainest path that the rule matches."""
    found = compare(
        Router().get("/p/:id", caching={"max_age": "1h"}), Router().get("/p/:id", caching={"max_age": "5m"})
    )
    assert changed(found) == [("/p/x", "caching.max_age.200", "1h", "5m")]


def test_another_unit_for_the_same_time_is_not_a_difference() -> None:
    """60m is 1h."""
    assert not compare(
        Router().get("/p", caching={"max_age": "1h"}), Router().get("/p", caching={"max_age": "60m"})
    )


def test_a_new_order_without_effect_is_not_a_difference() -> None:
    """Two rules on different paths may change places."""
    one: CachingDict = {"max_age": "1h"}
    two: CachingDict = {"max_age": "2h"}
    before = Router().get("/a", caching=one).get("/b", caching=two)
    found = compare(before, Router().get("/b", caching=two).get("/a", caching=one))
    assert not found
    assert found.tried > 0


def test_a_new_order_with_effect_is_shown_where_both_rules_match() -> None:
    """The later rule wins, but only for paths that both match."""
    wide: CachingDict = {"max_age": "1h"}
    narrow: CachingDict = {"max_age": "1m"}
    before = Router().match("/p/:id", caching=wide).match("/p/new", caching=narrow)
    after = Router().match("/p/new", caching=narrow).match("/p/:id", caching=wide)
    assert changed(compare(before, after)) == [("/p/new", "caching.max_age.200", "1m", "1h")]


def test_pages_that_are_no_longer_prefetched_are_named() -> None:
    """A comment that hides a rule from browsers changes nothing else."""
    before = Router().get("/p/:id", caching=PAGES)
    after = Router().get("/p/:id", caching=PAGES, comment="cache-manifest-ignore")
    assert changed(compare(before, after)) == [("/p/x", "prefetching", "yes", "no")]


def test_a_shorter_life_in_the_worker_is_shown_in_seconds() -> None:
    """What a click can use is worked out for each browser."""
    before = Router().get("/p", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    after = Router().get("/p", caching={"max_age": "1h", "service_worker_max_age": "60s"})
    (difference,) = compare(before, after).differences
    assert ("service-worker", 3600.0, 60.0) in difference.lifetimes


def test_what_a_refusal_hides_is_not_a_difference() -> None:
    """A lifetime of a response that is never fetched has no effect."""
    before = Router().get("/p", access={"deny_access": True}, caching={"max_age": "1h"})
    after = Router().get("/p", access={"deny_access": True}, caching={"max_age": "2h"})
    assert not compare(before, after)


def test_a_condition_on_the_response_is_tried_with_its_status() -> None:
    """The rule acts only when the origin answers so."""

    def rules(age: str) -> Router:
        return Router().match(
            {"path": "/p", "response": {"status_code": "404"}}, caching={"max_age": {"404": age}}
        )

    (difference,) = compare(rules("1m"), rules("2m")).differences
    assert difference.request.response is not None
    assert difference.request.response.status == 404


def test_a_condition_of_another_rule_is_combined_with_the_changed_one() -> None:
    """A rule that only gold customers get past is tried for gold customers."""

    def rules(age: str) -> Router:
        everything = Router().match("/p", caching={"max_age": age})
        return everything.match(
            {"path": "/:all*", "headers": {"x-tier": "/^$|silver/"}}, caching={"max_age": "1m"}
        )

    assert compare(rules("1h"), rules("2h"))


def test_rules_that_share_a_change_are_one_difference() -> None:
    """Each rule with one request."""

    def rules(age: str) -> Router:
        return Router().get("/a", caching={"max_age": age}).get("/b", caching={"max_age": age})

    (difference,) = compare(rules("1h"), rules("2h")).differences
    assert (difference.request.path, [other.path for other in difference.also]) == ("/a", ["/b"])


def test_another_origin_of_the_site_is_a_difference_of_every_page() -> None:
    """The property is compared, too."""
    rules = Router().match("/p/:id", caching={"max_age": "1h"}).rules
    origins = [Origin(name=name, hosts=(Host(location="o.example"),)) for name in ("a", "b")]
    before, after = (
        RuleSet(
            rules=rules,
            property=Property(
                origins=tuple(origins),
                hostnames=(Hostname(hostname="shop.example", default_origin_name=name),),
            ),
        )
        for name in ("a", "b")
    )
    assert ("/p/x", "origin", "a", "b") in changed(compare(before, after))


def _edited(rules: tuple[Rule, ...], random: Random, other: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return rules with one of them removed, added, doubled or moved."""
    edited = list(rules)
    at = random.randrange(len(edited))
    match random.randrange(4):
        case 0:
            del edited[at]
        case 1:
            edited.insert(at, random.choice(other))
        case 2:
            edited.insert(random.randrange(len(edited)), edited.pop(at))
        case _:
            edited[at] = random.choice(other)
    return tuple(edited)


@pytest.mark.parametrize("seed", range(8))
def test_an_empty_comparison_survives_requests_made_at_random(seed: int) -> None:
    """10,000 in all: none of them finds a difference that the comparison did not."""
    random = Random(f"comparison {seed}")
    tried = 0
    while tried < 1250:
        (router, paths), (other, more) = rule_set(random), rule_set(random)
        before = RuleSet(rules=router.rules)
        after = RuleSet(rules=_edited(router.rules, random, other.rules))
        try:
            found = compare(before, after)
        except PrefetchRouterError:  # an expression that no engine decides in time
            continue
        old, new = Evaluator(before), Evaluator(after)
        for difference in found.differences:
            assert behaviour(old, difference.request) != behaviour(new, difference.request)
        for request in requests(random, paths + more, 0 if found else 125):
            tried += 1
            assert _noticed(old, request) == _noticed(new, request), (
                request,
                before.to_json(),
                after.to_json(),
            )


def _noticed(evaluator: Evaluator, request: Request) -> dict[str, object]:
    return {name: aspect.compared for name, aspect in behaviour(evaluator, request).items()}
