"""Answers, verdicts and lifetimes."""

from __future__ import annotations

import re

import pytest

from prefetchrouter import Evaluator, Request, Router
from prefetchrouter.rules.duration import Duration
from prefetchrouter.testing import Answer, Lifetime, RuleTester, Verdict

ROUTER = (
    Router()
    .always(origin={"set_origin": "web"})
    .get(
        "/pages/:id",
        caching={
            "max_age": {"200": "1h", "404": "1m"},
            "service_worker_max_age": "10m",
            "stale_while_revalidate": "1d",
        },
        headers={"set_response_headers": {"x-a": "b"}, "set_request_headers": {"x-c": "d"}},
        comment="pages",
    )
    .match("/old/:id", lambda route: route.redirect("/new/:id", 301))
    .match("/admin/:rest*", access={"deny_access": True})
    .match("/gone", lambda route: route.send("gone", 410))
    .match("/moved/:id", lambda route: route.update_path("/other/:id"))
    .catch(re.compile("^5"), headers={"set_response_headers": {"x-failed": "yes"}})
)
TESTER = RuleTester(ROUTER)


@pytest.mark.parametrize(
    ("url", "headers", "may", "reason"),
    [
        ("/pages/1", {}, True, "it may go to the origin"),
        (
            "/pages/1",
            {"Sec-Purpose": "prefetch"},
            False,
            "a foreign prefetch gets the stored response, else 503",
        ),
        (
            "/pages/1",
            {"sec-purpose": "prefetch;prerender"},
            False,
            "a foreign prerender gets the stored response, else 503",
        ),
        ("/gone", {"sec-purpose": "prefetch"}, True, "a foreign prefetch may go to the origin"),
        (
            "/pages/1?edgio_prefetch=1",
            {"sec-purpose": "prefetch"},
            False,
            "the prefetch gets the stored response, else 412",
        ),
    ],
)
def test_a_prefetch_may_not_ask_the_origin(url: str, headers: dict[str, str], may: bool, reason: str) -> None:
    verdict = TESTER.request(url, headers=headers).may_ask_origin()
    assert (bool(verdict), verdict.reason) == (may, reason)


def test_a_page_is_prefetchable_when_its_rules_say_so() -> None:
    """The verdict is that of the decision."""
    assert TESTER.request("/pages/1").is_prefetchable()
    assert not TESTER.request("/gone").is_prefetchable()


def test_a_verdict_tells_its_reason() -> None:
    """What a failing assert prints is the reason, not an object's address."""
    verdict = TESTER.request("/gone").is_prefetchable()
    assert not verdict
    assert repr(verdict) == "<not prefetchable: no matching rule sets caching.max_age>"


def test_a_verdict_knows_whether_it_was_looked_at() -> None:
    """Asking for its truth is looking at it."""
    verdict = Verdict(True, "fine")
    assert not verdict.was_looked_at
    assert verdict
    assert verdict.was_looked_at


def test_reading_whether_a_verdict_holds_is_looking_at_it() -> None:
    """As asking for its truth is."""
    verdict = Verdict(False, "no")
    assert verdict.holds is False
    assert verdict.was_looked_at


@pytest.mark.parametrize("length", ["1h", "60m", 3600, Duration("3600s"), Lifetime(Duration("60m"))])
def test_a_lifetime_equals_every_spelling_of_its_length(length: object) -> None:
    """An hour is an hour."""
    assert TESTER.request("/pages/1").ttl == length


@pytest.mark.parametrize("length", ["2h", 3601, None, 3600.5, b"1h"])
def test_a_lifetime_differs_from_other_lengths(length: object) -> None:
    """Anything else is not equal."""
    assert TESTER.request("/pages/1").ttl != length


@pytest.mark.parametrize("longer", ["61m", 3601, 3600.5, Lifetime(Duration("1d"))])
def test_a_lifetime_is_less_than_a_longer_one(longer: object) -> None:
    """So that a test can ask for at most, and for at least."""
    ttl = TESTER.request("/pages/1").ttl
    assert ttl is not None
    assert ttl < longer
    assert not ttl >= longer


def test_a_lifetime_is_in_no_order_with_what_is_not_a_length() -> None:
    """As Python has it for numbers and text."""
    with pytest.raises(TypeError):
        assert Lifetime(Duration("1h")) < None


def test_equal_lifetimes_have_equal_hashes() -> None:
    """They can stand in sets."""
    assert len({Lifetime(Duration("1h")), Lifetime(Duration("60m"))}) == 1


def test_lifetimes_of_edge_and_worker_are_read_separately() -> None:
    """By status at the edge, and what the worker keeps."""
    page = TESTER.request("/pages/1")
    assert page.ttl_of(404) == "1m"
    assert page.ttl_of(500) is None
    assert page.service_worker_ttl == "10m"
    assert page.stale_while_revalidate == "1d"
    assert TESTER.request("/gone").service_worker_ttl is None


def test_is_cached_asks_for_a_copy_at_the_edge() -> None:
    """Of the named status."""
    page = TESTER.request("/pages/1")
    assert page.is_cached()
    assert page.is_cached(404)
    assert not page.is_cached(500)


def test_goes_to_names_the_origin() -> None:
    """The verdict tells where it goes instead."""
    verdict = TESTER.request("/pages/1").goes_to("api")
    assert not verdict
    assert verdict.reason == "it goes to web"


def test_redirects_to_compares_address_and_status() -> None:
    """The status only when it is given."""
    old = TESTER.request("/old/1")
    assert old.redirects_to("/new/1")
    assert old.redirects_to("/new/1", status=301)
    assert not old.redirects_to("/new/1", status=302)
    assert not old.redirects_to("/new/2")
    page = TESTER.request("/pages/1").redirects_to("/x")
    assert not page
    assert page.reason == "it is not a redirect"


def test_refused_requests_are_denied() -> None:
    """And have the status that says so."""
    answer = TESTER.request("/admin/x")
    assert answer.is_denied()
    assert answer.status == 403
    assert not TESTER.request("/pages/1").is_denied()


def test_synthetic_answers_show_status_and_body() -> None:
    """What rules answer themselves, or None if the origin decides."""
    assert (TESTER.request("/gone").status, TESTER.request("/gone").body) == (410, "gone")
    assert (TESTER.request("/pages/1").status, TESTER.request("/pages/1").body) == (None, None)


def test_headers_are_those_of_the_client_and_of_the_origin() -> None:
    """Each by its own method, or None."""
    page = TESTER.request("/pages/1")
    assert page.header("X-A") == "b"
    assert page.header("x-sw-cache-control") == "max-age=600"
    assert page.header("x-none") is None
    assert page.request_header("x-c") == "d"


def test_path_is_what_the_origin_is_asked_for() -> None:
    """After rewrites, with the query."""
    assert TESTER.request("/moved/7?x=1").path == "/other/7?x=1"


def test_value_reads_any_feature() -> None:
    """By its key; None if no rule sets it."""
    assert TESTER.request("/pages/1").value("origin.set_origin") == "web"
    assert TESTER.request("/pages/1").value("caching.bypass_cache") is None


def test_matches_names_rules_by_line_or_comment() -> None:
    """The verdict tells the lines that do apply."""
    page = TESTER.request("/pages/1")
    line = str(ROUTER.rules[1].source)
    assert page.matches("pages")
    assert page.matches(line)
    other = page.matches("other")
    assert not other
    assert line in other.reason


def test_response_rules_apply_once_a_status_is_given() -> None:
    """Without one they wait."""
    assert TESTER.request("/pages/1", status=503).header("x-failed") == "yes"
    assert TESTER.request("/pages/1").header("x-failed") is None


def test_an_answer_explains_itself() -> None:
    """With the lines that set each value."""
    answer = Answer(Evaluator(ROUTER), Request("/pages/1"))
    assert repr(answer) == "<GET /pages/1>"
    assert str(ROUTER.rules[1].source) in answer.explanation()
