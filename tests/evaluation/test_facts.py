"""Facts that a site finds in headers, for conditions, values and the memory of an edge."""

from __future__ import annotations

import pytest

from prefetchrouter import Decision, Property, Request, Router, RuleSet, evaluate
from prefetchrouter.evaluation.dependencies import dependencies_of
from prefetchrouter.explanation.near import near_misses

SITE = Property(facts={"location.country": "header:x-country", "request.client_ip": "header:x-ip"})


def decided(router: Router, headers: dict[str, str], **rest: object) -> Decision:
    """Return the decision for a visitor with these headers."""
    request = Request("/a", headers=headers, **rest)  # type: ignore[arg-type]
    return evaluate(RuleSet(rules=router.rules, property=SITE), request)


def by_country() -> Router:
    """Return rules for one country."""
    return Router().match({"location": {"country": "DE"}}, origin={"set_origin": "de"})


@pytest.mark.parametrize(
    ("headers", "origin"), [({"X-Country": "DE"}, "de"), ({"X-Country": "AT"}, None), ({}, None)]
)
def test_a_condition_reads_the_fact_from_its_header(headers: dict[str, str], origin: str | None) -> None:
    """Without the header, the place is unknown."""
    assert decided(by_country(), headers).origin == origin


def test_a_fact_that_the_request_gives_counts_more() -> None:
    """So a test, or `--fact`, tries another country than its own headers say."""
    facts = {"location.country": "DE"}
    assert decided(by_country(), {"x-country": "AT"}, facts=facts).origin == "de"


def test_a_header_settles_what_was_declared_unknown() -> None:
    """Only without it both outcomes are possible."""
    assert decided(by_country(), {"x-country": "DE"}, unknown=["location.country"]).depends_on == ()
    assert decided(by_country(), {}, unknown=["location.country"]).depends_on != ()


def test_values_and_other_names_of_the_fact_read_it_too() -> None:
    """In headers, and as the variable that the vendor calls otherwise."""
    router = Router().always(
        headers={"set_request_headers": {"x-a": "%{geo_country}"}, "set_client_ip_custom_header": "x-b"}
    )
    headers = decided(router, {"x-country": "DE", "x-ip": "203.0.113.9"}).request_headers
    assert (headers["x-a"], headers["x-b"]) == ("DE", "203.0.113.9")


def test_an_edge_tells_visitors_apart_by_the_header() -> None:
    """Where some rule reads the fact, and only there."""
    rules = RuleSet(rules=by_country().rules, property=SITE)
    assert dependencies_of(rules).headers == {"x-country"}
    assert (
        dependencies_of(RuleSet(rules=Router().match("/a", comment="x").rules, property=SITE)).headers
        == set()
    )


def test_an_explanation_reads_the_fact_from_its_header() -> None:
    """A rule for German visitors with a cookie is near for a German visitor."""
    criteria = {"location": {"country": "DE"}, "cookies": {"tier": "gold"}}
    router = Router().match(criteria, caching={"max_age": "1h"})  # type: ignore[arg-type]
    (near,) = near_misses(router.rules, decided(router, {"x-country": "DE"}))
    assert "tier" in near.when
    assert "country" not in near.when
