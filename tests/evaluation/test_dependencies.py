"""Requests that are alike in what the rules can ask get the same decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Decision, Evaluator, Request, Router, RuleSet
from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.dependencies import RequestDependencies, dependencies_of, relevant_headers
from prefetchrouter.evaluation.variable_values import normalized_name
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.variable_tables import FEATURE_VARIABLES
from prefetchrouter.rules.variables import all_variables, lookup
from strategies import askers, programs
from strategies.effort import times

Pairs = list[tuple[str, str]]

ORIGIN_HEADERS = HeaderFields({"etag": '"1"', "vary": "accept", "date": "Thu, 01 Jan 2026 00:00:00 GMT"})


def rule_set(*rules: Any) -> RuleSet:
    return RuleSet.from_json(list(rules), "raw")


def told(decision: Decision) -> dict[str, Any]:
    """What an edge takes from a decision."""
    synthetic = decision.synthetic
    return {
        "features": decision.features,
        "values": [(value.key, value.value, value.late) for value in decision.values.values()],
        "lines": [matched.rule for matched in decision.rules],
        "waits": [found.facts for found in (*decision.depends_on, *decision.awaiting_response)],
        "key": decision.cache_key,
        "origin": decision.origin,
        "path": decision.path,
        "ttls": dict(decision.ttls),
        "redirect": decision.redirect,
        "denied": decision.denied,
        "body": None if synthetic is None else (synthetic.body, synthetic.asks_origin),
        "kept": decision.downstream.stored_headers(ORIGIN_HEADERS).fields(),
        "seen": decision.response_headers(ORIGIN_HEADERS).fields(),
        "sent": {name: decision.request_headers.get(name) for name in set_on_requests(decision)},
    }


def set_on_requests(decision: Decision) -> set[str]:
    """The names of the request headers that the rules set which apply before there is a response."""
    names: set[Any] = set()
    for matched in decision.rules:
        if matched.phase == "request" and (section := matched.rule.features.headers) is not None:
            given_headers: Any = section.set_request_headers or {}
            given_headers = getattr(given_headers, "headers", given_headers)
            names |= {name.lower().removeprefix("+") for name in given_headers}
            names |= {section.set_client_ip_custom_header} - {None}
    return names


def request(headers: Pairs, cookies: Pairs, facts: Mapping[str, Any], response: Response | None) -> Request:
    """A request with these headers and cookies, all sent as headers."""
    sent = dict(headers)
    if cookies:
        sent["cookie"] = "; ".join(f"{name}={text}" for name, text in cookies)
    return Request("https://shop.example/pages/1?q=1", headers=sent, facts=facts, response=response)


def is_asked(name: str, exact: frozenset[str], loose: frozenset[str]) -> bool:
    return name in exact or name in loose or normalized_name(name) in loose


def others(first: Pairs, second: Pairs, exact: frozenset[str], loose: frozenset[str], at_end: bool) -> Pairs:
    """The first ones that are asked for, in their order, among the second ones that are not."""
    kept = [pair for pair in first if is_asked(pair[0], exact, loose)]
    free = [pair for pair in second if not is_asked(pair[0], exact, loose)]
    return kept + free if at_end else free + kept


@times(4)
@given(
    rules=askers.rule_lists,
    headers=st.tuples(askers.headers, askers.headers),
    cookies=st.tuples(askers.cookies, askers.cookies),
    numbers=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    response=st.none() | st.sampled_from([Response(200, {"vary": "a"}), Response(302, {"location": "/l"})]),
    at_end=st.booleans(),
)
def test_what_is_not_asked_changes_no_decision(
    rules: list[Any],
    headers: tuple[Pairs, Pairs],
    cookies: tuple[Pairs, Pairs],
    numbers: tuple[int, int],
    response: Response | None,
    at_end: bool,
) -> None:
    """Two requests that differ in all that is not asked, and in the order of it, are decided alike."""
    made = rule_set(*rules)
    found, evaluator = dependencies_of(made), Evaluator(made)
    alike = relevant_headers(found)
    drawn = [{"random": number, "request.client_ip": f"10.0.0.{number}"} for number in numbers]
    one = request(headers[0], cookies[0], drawn[0], response)
    other = request(
        others(*headers, found.headers, found.loose_headers, at_end),
        cookies[0]
        if "cookie" in found.headers | found.loose_headers
        else others(*cookies, found.cookies, found.loose_cookies, at_end),
        drawn[0] if found.draws else drawn[1],
        response
        if found.response or response is None
        else Response(404, {"location": "/other", "etag": "2"}),
    )

    assert alike(one.headers) == alike(other.headers)
    names = [name for name, _ in alike(one.headers)]
    assert len(names) == len(set(names)), "the second of two would replace the first"
    seen = replace(one, headers=dict(alike(one.headers)), cookies={})
    assert told(evaluator.evaluate(seen)) == told(evaluator.evaluate(one))
    assert told(evaluator.evaluate(one)) == told(evaluator.evaluate(other))
    for whole in (one, other):
        sent = evaluator.evaluate(whole).request_headers
        assert evaluator.evaluate(seen).upstream.headers_for(whole.headers) == sent
    if not found.response:
        later = evaluator.evaluate(replace(one, response=None))
        assert told(evaluator.evaluate(one)) == told(later)


@times(2)
@given(
    rules=askers.rule_lists,
    sent=st.lists(st.tuples(askers.headers, askers.cookies), min_size=2, max_size=6),
)
def test_requests_that_look_alike_are_decided_alike(
    rules: list[Any], sent: list[tuple[Pairs, Pairs]]
) -> None:
    """Of requests that differ at random, those that look alike to the rules are decided alike."""
    made = rule_set(*rules)
    alike, evaluator = relevant_headers(dependencies_of(made)), Evaluator(made)
    decisions: dict[Any, Any] = {}

    for headers, cookies in sent:
        one = request(headers, cookies, {}, None)
        decision = told(evaluator.evaluate(one))
        assert decisions.setdefault(alike(one.headers), decision) == decision


@given(programs.programs(), askers.headers, st.sampled_from(["en", "Apple"]))
def test_routers_are_read_whole(program: programs.Program, headers: Pairs, word: str) -> None:
    """The rules of helpers, chains and nested routers: what they do not ask changes nothing."""
    router = programs.run(program)
    made = RuleSet(rules=router.rules)
    found, evaluator = dependencies_of(router), Evaluator(made)
    names = ("x-ab", "user-agent", "accept-language", "x", "accept", "via")
    one = request(headers, [("session", "1"), ("ab", "1")], {"random": 5}, None)
    other = request(
        others(headers, [(name, word) for name in names], found.headers, found.loose_headers, True),
        others(
            [("session", "1"), ("ab", "1")], [("session", word)], found.cookies, found.loose_cookies, True
        ),
        {"random": 5},
        None,
    )

    assert told(evaluator.evaluate(one)) == told(evaluator.evaluate(other))


def if_(asked_for: Mapping[str, Any]) -> Any:
    return {"if": [{"===": [asked_for, "1"]}, {"comment": "it is"}]}


ONE = {"x-ab": "1", "accept": "1", "host": "1", "referer": "https://1/", "cookie": "s-a=1; tier=1; S_B=1"}
BY_HEADER: list[tuple[str, Any]] = [
    ("x-ab", if_({"request.header": "x-ab"})),
    ("x-ab", if_({"variable": "http_x_ab"})),
    ("host", if_({"request.header": "host"})),
    ("host", {"headers": {"set_response_headers": {"x-a": "%{host}"}}}),
    ("referer", if_({"request": "referring_domain"})),
    ("referer", {"headers": {"set_response_headers": {"x-a": "%{referring_domain}"}}}),
    ("x-ab", {"if": [{"!==": [{"request.header": "accept"}, {"request.header": "x-ab"}]}, {"comment": "a"}]}),
    ("x-ab", {"if": [{"or": [{"and": [{"===": [{"request.header": "x-ab"}, "1"]}]}]}, {"comment": "a"}]}),
    ("x-ab", {"if": [{"===": [{"request": "method"}, "POST"]}, {}, [if_({"request.header": "x-ab"})]]}),
    ("x-ab", {"headers": {"set_request_headers": {"x-b": "%{http_x_ab}"}}}),
    ("x-ab", {"headers": {"set_request_headers": {"+X-Ab": "more"}}}),
    (
        "x-ab",
        {"headers": {"set_request_headers": {"headers": {"x-b": "%{http_x_ab}"}, "execute_on_shield": True}}},
    ),
    ("x-ab", {"headers": {"set_response_headers": {"x-a": {"request.header": "x-ab"}}}}),
    ("x-ab", {"headers": {"add_response_headers": {"x-a": "%{http_x_ab}"}}}),
    ("x-ab", {"headers": {"set_origin_response_headers": {"x-a": "%{http_x_ab}"}}}),
    ("x-ab", {"caching": {"cache_key": {"include_headers": ["X-Ab"]}}}),
    ("x-ab", {"caching": {"cache_key": {"include_expressions": ["%{http_x_ab}"]}}}),
    ("x-ab", {"caching": {"cache_key_rewrite": {"source": "^(.*)$", "destination": "$1%{http_x_ab}"}}}),
    ("x-ab", {"response": {"set_response_body": "%{http_x_ab}"}}),
    ("x-ab", {"url": {"url_redirect": {"destination": "/%{http_x_ab}"}}}),
    ("x-ab", {"url": {"url_rewrite": [{"source": "^(.*)$", "destination": "$1%{http_x_ab}"}]}}),
    ("cookie", if_({"request.cookie": "tier"})),
    ("cookie", if_({"variable": "cookie_s_a"})),
    ("cookie", if_({"variable": "cookie_S_B"})),
    ("cookie", {"caching": {"cache_key": {"include_cookies": ["tier"]}}}),
    ("cookie", {"response": {"set_response_body": "%{cookie_s_a}"}}),
    ("cookie", {"response": {"set_response_body": "%{http_cookie}"}}),
]


COOKIE_RULES = [rule for name, rule in BY_HEADER if name == "cookie"]


@pytest.mark.parametrize("one", COOKIE_RULES, ids=lambda value: str(value)[:70])
@pytest.mark.parametrize("other", COOKIE_RULES, ids=lambda value: str(value)[:70])
def test_a_header_that_one_rule_reads_whole_stays_whole_beside_rules_that_read_parts(
    one: Any, other: Any
) -> None:
    """Else two visitors who differ in the rest of their cookies would share a decision, and its cache key."""
    made = rule_set(one, other)
    whole = {"cookie": "id=alice; s-a=1; tier=1; S_B=1"}
    seen = relevant_headers(dependencies_of(made))(whole)
    assert len(seen) == 1
    evaluator = Evaluator(made)
    assert told(evaluator.evaluate(Request("/", headers=dict(seen)))) == told(
        evaluator.evaluate(Request("/", headers=whole))
    )


@pytest.mark.parametrize("name, rule", BY_HEADER, ids=lambda value: str(value)[:70])
def test_each_way_to_ask_is_seen(name: str, rule: Any) -> None:
    """Without the header the decision is another one, and so is what rules see: the name was found."""
    made = rule_set(rule)
    without = {key: text for key, text in ONE.items() if key != name}
    decisions = [told(Evaluator(made).evaluate(Request("/", headers=sent))) for sent in (ONE, without)]
    alike = relevant_headers(dependencies_of(made))

    assert decisions[0] != decisions[1]
    assert alike(ONE) != alike(without)


@pytest.mark.parametrize(
    "one, other",
    [
        ({"x-ab": "1", "x.ab": "2"}, {"x.ab": "2", "x-ab": "1"}),
        ({"x-ab": "1", "x_ab": "2"}, {"x_ab": "1", "x-ab": "2"}),
    ],
)
def test_names_that_texts_spell_alike_are_reported_apart(one: dict[str, str], other: dict[str, str]) -> None:
    """A text takes the first of them, and before that its own spelling."""
    made = rule_set({"response": {"set_response_body": "%{http_x_ab}"}})
    alike, evaluator = relevant_headers(dependencies_of(made)), Evaluator(made)

    assert told(evaluator.evaluate(Request("/", headers=one))) != told(
        evaluator.evaluate(Request("/", headers=other))
    )
    assert alike(one) != alike(other)


@pytest.mark.parametrize(
    "rule",
    [
        if_({"response": "status_code"}),
        if_({"variable": "resp_vary"}),
        if_({"variable": "cache_status"}),
        {"response": {"set_response_body": "%{resp_etag}"}},
        {"headers": {"set_response_headers": {"x-a": {"response": "status_code"}}}},
        {"headers": {"set_response_headers": {"x-a": "%{status}"}}},
        {"response": {"set_status_code": 301}},
        {"response": {"set_status_code": "%{arg_status}"}},
    ],
)
def test_what_asks_for_the_response_is_seen(rule: Any) -> None:
    """A condition, a text, or a redirect whose target the origin may tell."""
    assert dependencies_of(rule_set(rule)).response
    assert not dependencies_of(
        rule_set({"response": {"set_status_code": 404}}, if_({"request": "method"}))
    ).response


@pytest.mark.parametrize(
    "rule, draws",
    [
        ({"if": [{"<": [{"random": 9}, 5]}, {"comment": "half"}]}, True),
        (if_({"request": "client_ip"}), True),
        ({"headers": {"set_client_ip_custom_header": "x-from"}}, True),
        ({"headers": {"set_request_headers": {"x-from": "%{virt_dst_addr}"}}}, True),
        (if_({"mtls": "client_certificate_verified"}), True),
        (if_({"location": "country"}), False),
        (if_({"device": "is_mobile"}), False),
        ({"response": {"set_response_body": "%{host} %{geo_city} %{uri}"}}, False),
    ],
)
def test_what_differs_from_request_to_request_is_reported(rule: Any, draws: bool) -> None:
    """Random numbers and what is known of the connection; not the facts that an edge was given."""
    assert dependencies_of(rule_set(rule)).draws is draws


def test_the_names_are_reported() -> None:
    """Of headers in lower case, of cookies as they are; those of texts as texts spell them."""
    router = (
        Router()
        .match({"headers": {"X-Tier": "gold"}, "cookies": {"Tier": "gold"}}, comment="gold")
        .always(headers={"set_request_headers": {"x-a": "%{http_accept_language} %{cookie_lang}"}})
    )
    assert dependencies_of(router) == RequestDependencies(
        headers=frozenset({"x-tier"}),
        cookies=frozenset({"Tier"}),
        loose_headers=frozenset({"accept_language"}),
        loose_cookies=frozenset({"lang"}),
        facts=frozenset({"variable.http_accept_language", "variable.cookie_lang"}),
    )


class Spy(Mapping[str, str]):
    """A mapping without entries that records which keys are read."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.was_listed = False

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        self.was_listed = True
        return iter(())

    def __len__(self) -> int:
        return 0


_ANY = {"<name>": "x_ab", "<max>": 9, "<code>": "fra"}
VARIABLES = sorted(
    {(spec.namespace, _ANY.get(spec.name, spec.name)) for spec in all_variables()}
    | {("variable", name) for name in FEATURE_VARIABLES.split()}
    | {("variable", name) for name in ("http_x_ab", "http_host", "cookie_a", "resp_a", "arg_a", "usrvar_a")},
    key=str,
)


@pytest.mark.parametrize("namespace, name", VARIABLES, ids=str)
def test_each_variable_reads_only_what_was_reported(namespace: str, name: str | int) -> None:
    """Whatever the accessor of a variable looks at is in what was found without a request."""
    assert lookup(namespace, name)
    operator = "<" if namespace == "random" else "==="
    found = dependencies_of(
        rule_set({"if": [{operator: [{namespace: name}, 5 if namespace == "random" else "1"]}, {}]})
    )
    one = Request("/")
    headers, cookies, facts = Spy(), Spy(), Spy()
    one.__dict__["cookies"] = cookies
    context = RequestContext(one)
    context.headers, context.facts = headers, facts

    accessor(variable(namespace, name)).read(context)

    assert headers.asked <= found.headers | found.loose_headers
    assert cookies.asked <= found.cookies | found.loose_cookies
    assert facts.asked <= found.facts
    assert not headers.was_listed or found.loose_headers
    assert not cookies.was_listed or found.loose_cookies


def test_rules_that_ask_nothing_see_nothing() -> None:
    assert relevant_headers(dependencies_of(rule_set({"caching": {"max_age": "1h"}})))(ONE) == ()
