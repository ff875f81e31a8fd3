"""Facts that are declared unknown, random numbers, and rules that wait for a response."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, and_, evaluate, or_, raw
from prefetchrouter.authoring.criteria import CriteriaDict
from prefetchrouter.errors import RequestError
from prefetchrouter.http.message import Response

GERMAN: CriteriaDict = {"location": {"country": "DE"}}


def test_a_decision_about_known_facts_depends_on_nothing() -> None:
    """A missing fact is absent, not unknown."""
    router = Router().match(GERMAN, caching={"max_age": "1h"})

    assert evaluate(router, Request("/")).depends_on == ()


def test_a_decision_names_the_unknown_fact_and_the_line() -> None:
    """The values are those of the false test; the dependency tells the branch that hangs on it."""
    router = Router().match(GERMAN, caching={"max_age": "1h"})

    decision = evaluate(router, Request("/", unknown=("location.country",)))

    (dependency,) = decision.depends_on
    assert decision.ttl() is None
    assert dependency.facts == ("location.country",)
    assert dependency.source == router.rules[0].source


def test_the_alternative_is_the_decision_with_the_branch_taken() -> None:
    """`assuming` evaluates the same request with the condition true."""
    router = Router().if_(GERMAN, caching={"max_age": "1h"}).else_(caching={"max_age": "1m"})

    decision = evaluate(router, Request("/", unknown=("location.*",)))

    assert decision.ttl() == "1m"
    assert evaluate(router, decision.request, assuming=[decision.depends_on[0].branch]).ttl() == "1h"


def test_an_unknown_fact_does_not_matter_where_another_test_settles_it() -> None:
    """`and` with a false member is false, `or` with a true one is true, whatever the unknown fact is."""
    request = Request("/a", unknown=("*",))

    assert evaluate(Router().match(and_("/b", GERMAN), comment="x"), request).depends_on == ()
    assert len(evaluate(Router().match(or_("/a", GERMAN), comment="x"), request).rules) == 1


def test_a_fact_that_is_given_is_known_even_when_all_are_declared_unknown() -> None:
    """``"*"`` leaves open only what the request does not tell."""
    router = Router().match(and_("/a", GERMAN, {"headers": {"host": "shop.example"}}), comment="x")

    decision = evaluate(
        router, Request("https://shop.example/a", facts={"location.country": "DE"}, unknown=("*",))
    )

    assert decision.depends_on == ()
    assert len(decision.rules) == 1


@pytest.mark.parametrize(
    "criteria, fact",
    [
        ({"headers": {"x-tier": "gold"}}, "request.header.x-tier"),
        ({"cookies": {"session": "1"}}, "request.cookie.session"),
        ({"device": {"is_tablet": "true"}}, "device.is_tablet"),
        ({"client_ip": "5.5.5.5"}, "request.client_ip"),
        ({"referring_domain": "other.example"}, "request.header.referer"),
        ({"variable": {"geo_city": "Rome"}}, "location.city"),
        ({"variable": {"http_x_tier": "gold"}}, "request.header.x-tier"),
    ],
)
def test_each_kind_of_fact_may_be_unknown(criteria: dict[str, str], fact: str) -> None:
    """The decision tells the fact by the name that a request gives it by."""
    decision = evaluate(Router().match(criteria, comment="x"), Request("/", unknown=("*",)))  # type: ignore[arg-type]

    assert decision.depends_on[0].facts == (fact,)


def test_a_random_number_is_unknown_unless_it_is_given() -> None:
    """Every request draws its own, so a missing one is never just absent."""
    router = Router().match(raw({"<": [{"random": 99}, 10]}), caching={"max_age": "1h"})

    assert evaluate(router, Request("/")).depends_on[0].facts == ("random.99",)
    assert evaluate(router, Request("/", facts={"random": 7})).ttl() == "1h"
    assert evaluate(router, Request("/", facts={"random.99": 70})).ttl() is None
    assert evaluate(router, Request("/", facts={"random.99": 70})).depends_on == ()


def test_a_zero_is_a_random_number_too() -> None:
    """The lowest number that can be drawn counts as given."""
    router = Router().match(raw({"<": [{"random": 99}, 10]}), caching={"max_age": "1h"})

    assert evaluate(router, Request("/", facts={"random": 0})).ttl() == "1h"


def test_without_a_response_its_rules_wait() -> None:
    """Response conditions are not decided, and the decision tells which branches wait."""
    router = Router().catch(404, caching={"max_age": {"404": "1m"}}).match("/a", caching={"max_age": "1h"})

    decision = evaluate(router, Request("/a"))

    (waiting,) = decision.awaiting_response
    assert dict(decision.ttls) == {200: "1h"}
    assert waiting.facts == ("response.status_code",)
    assert waiting.source == router.rules[0].source


def test_with_a_response_its_rules_are_decided() -> None:
    """Their features join the others in rule order."""
    router = Router().catch(404, caching={"max_age": {"404": "1m"}}).match("/a", caching={"max_age": "1h"})

    decision = evaluate(router, Request("/a", response=Response(404)))

    assert decision.awaiting_response == ()
    assert dict(decision.ttls) == {404: "1m", 200: "1h"}
    assert [matched.phase for matched in decision.rules] == ["response", "request"]


def test_a_rule_that_waits_for_the_response_cannot_send_the_request_elsewhere() -> None:
    """By then the origin was asked: origin, rewrite and request headers stay what they were."""
    router = Router().catch(404, lambda route: route.proxy("spare", path="/spare", headers={"x-again": "1"}))

    decision = evaluate(router, Request("/a", response=Response(404)))

    assert decision.origin is None
    assert decision.path == "/a"
    assert "x-again" not in decision.request_headers
    assert decision.value("origin.set_origin") is not None


def test_what_follows_in_a_chain_waits_as_well() -> None:
    """A later branch can be chosen only once the earlier ones are known to be false."""
    router = (
        Router()
        .if_({"response": {"status_code": "404"}}, {"comment": "missing"})
        .elif_("/a", {"comment": "a"})
        .else_({"comment": "other"})
    )

    assert evaluate(router, Request("/a")).rules == ()
    (matched,) = evaluate(router, Request("/a", response=Response(200))).rules
    assert (matched.rule.features.comment, matched.phase) == ("a", "response")


def test_a_false_request_test_beside_a_response_test_decides_at_once() -> None:
    """A branch whose path does not match waits for nothing."""
    router = (
        Router()
        .if_({"path": "/b", "response": {"status_code": "404"}}, {"comment": "b"})
        .else_({"comment": "c"})
    )

    decision = evaluate(router, Request("/a"))

    assert decision.awaiting_response == ()
    assert decision.rules[0].phase == "request"


@pytest.mark.parametrize("name", ["location.contry", "nothing", "path.*", "", "request.header.", "location"])
def test_a_name_that_no_fact_has_is_refused(name: str) -> None:
    """A misspelled name would silently declare nothing."""
    with pytest.raises(RequestError):
        Request("/", unknown=(name,))
