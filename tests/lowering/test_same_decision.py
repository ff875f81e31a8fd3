"""Lowered data says all that `evaluate` says: an engine that has nothing else decides the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.corpus import lines
from lowering.comparing import compare
from prefetchrouter import Property, Request, Router, RuleSet
from prefetchrouter.analysis.witnesses import places, witnesses
from prefetchrouter.http.message import Response
from strategies.effort import times
from strategies.programs import Program, programs, run
from strategies.requests import requests
from strategies.rule_sets import rule_lists

PROGRAMS = lines("programs.jsonl")
STATUSES = (None, 200, 404, 503)


@times(2)
@given(programs(), st.lists(requests(certain=True), min_size=1, max_size=5))
def test_a_program_means_the_same_once_lowered(program: Program, asked: list[Request]) -> None:
    """Every kind of call."""
    compare(RuleSet(rules=run(program).rules), asked)


@times(2)
@given(rule_lists(), st.lists(requests(certain=True), min_size=1, max_size=5))
def test_rules_mean_the_same_once_lowered(rules: list[object], asked: list[Request]) -> None:
    """Nested, with conditions on all that a request has."""
    compare(RuleSet.from_json({"rules": rules}), asked)


@pytest.mark.parametrize("record", [pytest.param(record, id=record["name"]) for record in PROGRAMS])
def test_a_recorded_program_means_the_same_once_lowered(record: Any) -> None:
    """For requests that each of its rules applies to, with and without a response."""
    rule_set = RuleSet.from_json({"rules": record["rules"]}, "exported")
    asked = [
        request.with_response(None if status is None else Response(status, {"etag": '"1"', "vary": "x"}))
        for number, rule in enumerate(rule_set.rules)
        for place in places(rule, number=number)
        for request in witnesses(place, "shop.example")
        for status in STATUSES
    ]
    assert compare(rule_set, asked) <= len(asked)


urls = st.builds(
    "{}{}{}".format,
    st.sampled_from(["/old", "/OLD", "/old/a", "/old/a/b", "/old/%40a//b", "/old/a.html", "/", "/x/old"]),
    st.sampled_from(["", "/"]),
    st.sampled_from(["", "?a=1", "?a=%2F&b=?", "?edgio_prefetch=1&q=old/a", "?old"]),
)
SOURCES = (
    ("/old/:id", "path-to-regexp"),
    ("/old/:rest*", "path-to-regexp"),
    ("/old/:rest*.html", "path-to-regexp"),
    ("/:first/:rest(.*)", "path-to-regexp"),
    ("/old/:id(\\w+)", "path-to-regexp"),
    ("/old/:id?", "path-to-regexp"),
    (r"/old/:id:optionalSlash(\/?)?:optionalQuery(\?.*)?", "path-to-regexp"),
    (r"/old/:rest*:optionalSlash(\/?)?:optionalQuery(\?.*)?", "path-to-regexp"),
    (r"/old/:rest(.*):optionalSlash(\/?)?:optionalQuery(\?.*)?", "path-to-regexp"),
    (r"/old:optionalSlash(\/?)?:optionalQuery(\?.*)?", "path-to-regexp"),
    ("^/old$", "regexp"),
    ("^/old", "regexp"),
    ("^/old/(.*)$", "regexp"),
    ("^/old/(.*)", "regexp"),
    ("^/old/([^/?]+)/?(.*)$", "regexp"),
    ("(?i)^/old/([a-z]+)$", "regexp"),
    ("^/(old|new)/(.+)$", "regexp"),
    ("old", "regexp"),
)
DESTINATIONS = (
    "/new", "/new/$1", "/new/$2/$1", "/new/:id", "/new/:rest*", "/new/:rest", "/new/:id?x=:id", "/:first/new",
    "/new/:id:optionalSlash:optionalQuery", "/new/:rest*:optionalSlash:optionalQuery",
    "/new:optionalSlash", "https://cdn.example/$1?b=2", "https://cdn.example/:id#top", "//cdn.example/:rest",
    "/new%{is_args}%{query_string}", "https://%{host}/%{path}", "/%{http_x_ab:=none}/:id", "/läden/$1",
    "%{scheme}://%{http_host}%{request_uri}", r"/a\:id/:id", "/new/:id.:rest",
)  # fmt: skip


@times(3)
@given(st.sampled_from(SOURCES), st.sampled_from(DESTINATIONS), urls, st.sampled_from(["", "x y", "a/b?c"]))
def test_rewrites_and_redirects_lead_to_the_same_url(
    source: tuple[str, str], destination: str, url: str, header: str
) -> None:
    """Whatever the source, the destination and the query."""
    wanted: Any = {"source": source[0], "destination": destination, "syntax": source[1]}
    request = Request(f"https://shop.example{url}", headers={"x-ab": header} if header else {})
    rewriting = Router().always(url={"url_rewrite": [wanted]})
    permanent: Any = {**wanted, "code": 301}
    redirecting = Router().always(url={"url_redirect": permanent})
    both = rewriting.match("/new/:x*", headers={"set_response_headers": {"x": "%{path}"}})
    for router in (rewriting, redirecting, both):
        compare(RuleSet(rules=router.rules), [request])


FORMS = (
    "%{http_x_ab}", "%{http_x_ab:=none}", "%{http_x_ab=none}", "%{http_x_ab:+yes}", "%{http_x_ab+yes}",
    "%{http_x_ab:1}", "%{http_x_ab:-2}", "%{http_x_ab:0:2}", "%{http_x_ab:1:-1}", "%{http_x_ab#^a}",
    "%{http_x_ab%b+}", "%{http_x_ab/b/-$1-}", "%{http_x_ab//(b)/<$U1$1>}", "%{http_x_ab/=a(.*)/$U1$L1}",
    "%{http_x_ab,}", "%{http_x_ab,,}", "%{http_x_ab^}", "%{http_x_ab^^}", "%{http_x_ab,B}",
    "%{http_x_ab^^[ab]}",
    r"\%{host}", "%{}", "%{host", "%{host!}", "a%{host}b%{unknown}c", "%{path}%{uri}%{normalized_query}",
    "%{resp_etag}%{status}", "%{arg_a}%{cookie_ab}%{request}",
    "%{geo_country}|%{geo_asnum}|%{referring_domain}",
)  # fmt: skip


@times(2)
@given(
    st.sampled_from(FORMS),
    st.sampled_from([None, "", "a", "abB", "ABBA b", "x"]),
    st.sampled_from(["", "?a=1", "?A=%41&b"]),
    st.sampled_from(STATUSES),
    st.sampled_from(["", "?", "DE"]),
)
def test_texts_with_variables_come_to_the_same(
    form: str, header: str | None, query: str, status: int | None, country: str
) -> None:
    """In each place where a rule may have one."""
    router = Router().always(
        headers={
            "set_request_headers": {"x-r": form, "+x-ab": form},
            "set_response_headers": {"x-r": form, "location": form, "+etag": form},
            "add_response_headers": {"x-r": form},
            "set_origin_response_headers": {"x-o": form},
        },
        response={"set_response_body": form, "set_status_code": form},
        caching={"cache_key": {"include_expressions": [form]}},
    )
    request = Request(
        f"https://shop.example/a%40//{query}",
        headers={} if header is None else {"x-ab": header},
        cookies={"ab": "c"},
        facts={"location.country": country, "location.asn": "12"} if country else {},
        response=None if status is None else Response(status, {"etag": '"1"'}),
    )
    assert compare(RuleSet(rules=router.rules), [request]) == 1


@given(
    st.dictionaries(
        st.sampled_from(["x-country", "x-asn", "x-ip", "x-os"]), st.sampled_from(["DE", "12", "?", ""])
    ),
)
def test_facts_are_read_where_the_property_finds_them(headers: dict[str, str]) -> None:
    """In conditions and values, whatever the rule calls them."""
    criteria: Any = {"location": {"country": ["DE", "?"]}}
    router = Router().match(criteria, response={"set_status_code": 203})
    router = router.match({"client_ip": "12"}, origin={"set_origin": "a"})
    router = router.match({"device": {"device_os": "12"}}, origin={"set_origin": "b"})
    text = "%{geo_country}|%{virt_dst_country}|%{geo_asnum}|%{virt_dst_addr}|%{wurfl_cap_device_os}"
    router = router.always(headers={"set_request_headers": {"x": text}, "set_client_ip_custom_header": "y"})
    site = Property(
        facts={
            "location.country": "header:x-country",
            "location.asn": "header:x-asn",
            "request.client_ip": "header:x-ip",
            "device.device_os": "header:x-os",
        }
    )
    assert compare(RuleSet(rules=router.rules, property=site), [Request("/", headers=headers)]) == 1
