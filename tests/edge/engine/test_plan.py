"""What is remembered about requests, and that nothing of one client gets to another by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.harness import Harness, request, run_scenario
from prefetchrouter import Property, Router, RuleSet
from prefetchrouter.authoring.criteria import raw
from prefetchrouter.edge.engine.plan import Planner
from prefetchrouter.errors import RequestError
from prefetchrouter.http.message import Fact, Request, Response


def planner(router: Router, facts: dict[str, Fact] | None = None) -> Planner:
    return Planner(RuleSet(rules=router.rules), facts)


def test_requests_that_look_alike_to_the_rules_are_decided_once() -> None:
    made = planner(Router().match({"cookies": {"tier": "gold"}}, origin={"set_origin": "gold"}))
    one = made.plan(request("/a", cookie="tier=gold; id=1", accept="text/html"))
    other = made.plan(request("/a", cookie="id=2; tier=gold"))
    assert one.shared is other.shared
    assert one.shared.decision.origin == "gold"
    for different in (
        request("/b", cookie="tier=gold"),
        request("/a", cookie="tier=tin"),
        request("/a", "HEAD"),
    ):
        assert made.plan(different).shared is not one.shared


def test_a_cache_key_with_the_whole_cookie_tells_all_visitors_apart() -> None:
    """Also beside a rule that reads one cookie: a page stored for Alice is not for Bob."""
    key = {"max_age": "1h", "cache_key": {"include_expressions": ["%{http_cookie}"]}}
    made = planner(
        Router()
        .match("/me", caching=key)  # type: ignore[arg-type]
        .match({"path": "/me", "cookies": {"tier": "gold"}}, origin={"set_origin": "gold"})
    )
    alice, bob = (
        made.plan(request("/me", cookie=f"id={name}; tier=gold")).shared.decision for name in ("alice", "bob")
    )
    assert alice.cache_key != bob.cache_key
    assert alice.origin == bob.origin == "gold"


def test_a_decision_is_made_of_nothing_that_rules_cannot_ask() -> None:
    made = planner(Router().match({"headers": {"x-tier": "gold"}}, origin={"set_origin": "gold"}))
    plan = made.plan(request("/a", cookie="secret=1", authorization="Basic eA==", x_tier="gold"))
    assert dict(plan.shared.decision.request.headers) == {"x-tier": "gold"}


def test_the_origin_gets_the_headers_of_the_very_request() -> None:
    made = planner(
        Router().always(headers={"set_request_headers": {"x-edge": "yes", "cookie": "%{http_x_user}"}})
    )
    for user in ("one", "two"):
        headers = made.plan(request("/a", x_user=user, accept=user)).origin_headers
        assert (headers["x-edge"], headers["cookie"], headers["accept"]) == ("yes", user, user)


def test_random_numbers_are_drawn_for_each_request() -> None:
    router = Router().match(raw({"<": [{"random": 99}, 50]}), origin={"set_origin": "half"})
    made = planner(router)
    drawn = Counter(made.plan(request("/a")).shared.decision.origin for _ in range(400))
    assert 100 < drawn["half"] < 300
    fixed = planner(router, {"random": 7})
    assert {fixed.plan(request("/a")).shared.decision.origin for _ in range(20)} == {"half"}


def test_the_address_of_the_client_is_its_own() -> None:
    async def scenario() -> None:
        harness = Harness(Router().always(headers={"set_client_ip_custom_header": "x-client"}))
        for address in ("192.0.2.1", "192.0.2.2"):
            await harness.edge.handle(request("/a")._replace(client=address))
        await harness.edge.idle()
        assert [found.headers["x-client"] for found in harness.origin.asked] == ["192.0.2.1", "192.0.2.2"]

    run_scenario(scenario)


@given(st.lists(st.sampled_from(["/a", "/b?x=1", "/c"]), max_size=30))
def test_what_is_remembered_changes_nothing(targets: list[str]) -> None:
    router = Router().match("/a", caching={"max_age": "1h"}).match("/b", url={"url_rewrite": []})
    made = planner(router)
    for target in targets:
        fresh = planner(router).plan(request(target))
        plan = made.plan(request(target))
        assert (plan.shared.decision.cache_key, plan.shared.target) == (
            fresh.shared.decision.cache_key,
            fresh.shared.target,
        )
        assert plan.shared.decision.features == fresh.shared.decision.features


@pytest.mark.parametrize("target", ["/", "/a/b%20c?x=%26&y", "/a//b;c", "/@a/%C3%A9?a%5B%5D=1"])
@pytest.mark.parametrize("headers", [{}, {"x_tier": "gold", "cookie": "a=1; b=2", "accept": "*/*"}])
def test_the_request_of_a_decision_is_what_its_url_would_be_parsed_to(
    target: str, headers: dict[str, str]
) -> None:
    """The edge makes it of parts that are checked already, which is quicker."""
    router = Router().match({"headers": {"x-tier": "gold"}, "cookies": {"a": "1"}}, comment="gold")
    router.match(raw({"===": [{"location": "country"}, "DE"]}), comment="at home")
    facts: dict[str, Fact] = {"location.country": "DE", "device.is_smartphone": True, "random": 7}
    asked = request(target, "POST", None, **headers)
    made = planner(router, facts).plan(asked).shared.request
    seen = {name: text for name, text in asked.headers.items() if name == "x-tier"}
    cookies = {"a": "1"} if "cookie" in asked.headers else {}
    parsed = Request(asked.url, "POST", headers=seen, cookies=cookies, facts=facts)
    assert vars(made) == vars(parsed)
    answer = Response(404)
    assert vars(made.with_response(answer)) == vars(replace(parsed, response=answer))


def test_an_unknown_fact_is_refused_at_once() -> None:
    with pytest.raises(RequestError, match="location\\.planet"):
        planner(Router(), {"location.planet": "earth"})


def test_long_requests_are_not_remembered() -> None:
    """Else some thousands of them, each within the limits of one request, would fill the memory."""
    made = planner(Router().match({"headers": {"x-a": "1"}}, caching={"max_age": "1h"}))
    for number in range(50):
        made.plan(request(f"/{number}" + "a" * 3000))
        made.plan(request(f"/?{number}" + "a" * 3000))
        made.plan(request("/", x_a=f"{number}" + "a" * 3000))
        assert made.plan(request("/b", x_b=f"{number}" + "a" * 3000)).shared.decision.origin is None
    assert len(made._known) == 1


def test_a_fact_is_read_from_the_header_of_the_very_request() -> None:
    """And decisions are shared by visitors of the same place only; `--fact` sets one for all."""
    router = Router().match({"location": {"country": "DE"}}, origin={"set_origin": "de"})
    site = Property(facts={"location.country": "header:x-country"})
    rules = RuleSet(rules=router.rules, property=site)
    made = Planner(rules)
    german, french = (made.plan(request("/a", x_country=country)) for country in ("DE", "FR"))
    assert [german.shared.decision.origin, french.shared.decision.origin] == ["de", None]
    assert made.plan(request("/a", x_country="DE", accept="*/*")).shared is german.shared
    fixed = Planner(rules, {"location.country": "DE"})
    assert fixed.plan(request("/a", x_country="FR")).shared.decision.origin == "de"
