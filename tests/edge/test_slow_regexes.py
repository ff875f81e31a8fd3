"""No request can keep the edge busy through an expression of the rules, wherever that stands."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from edge.harness import Harness
from prefetchrouter import Router, RuleSet
from prefetchrouter.evaluation.expressions import unbounded
from prefetchrouter.regex import bounded

EVIL = [
    "(a+)+", "(a|a)*", "(a|aa)+", "(?:(?:|)a)*", "(?:(?:b?)*a)*", r"(\w+\s?)*", "([a-z]+[0-9]*)+",
    "(.*a){12}", "(a?){25}a{25}", "(?:.*)(?:.*)(?:.*)(?:.*)", "a*a*a*a*", "(([a-z])+.)+[A-Z]([a-z])+",
    "(?:a{1,9}){9}",
]  # fmt: skip
"""What is followed by something that the text does not hold."""


def _rule(condition: dict[str, Any] | None = None, **features: Any) -> RuleSet:
    rule = {"comment": "slow", **features} if features else {"comment": "slow"}
    return RuleSet.from_json([{"if": [condition, rule]} if condition else rule])


def _redirect(source: str, syntax: str = "regexp") -> dict[str, Any]:
    return {"source": source, "destination": "/found", "syntax": syntax}


def plain(source: str) -> str:
    """Return an expression without captures, which a pattern's expression must not have."""
    return re.sub(r"\((?!\?)", "(?:", source)


PLACES: dict[str, tuple[Callable[[str], RuleSet], Callable[[str], tuple[str, dict[str, str]]]]] = {
    "path": (lambda e: _rule({"=~": [{"request": "path"}, f"^/{e}!x$"]}), lambda t: (f"/{t}", {})),
    "not path": (lambda e: _rule({"!~": [{"request": "path"}, f"^/{e}!x$"]}), lambda t: (f"/{t}", {})),
    "query": (lambda e: _rule({"=~": [{"request": "querystring"}, f"{e}!x$"]}), lambda t: (f"/?{t}", {})),
    "parameter": (
        lambda e: _rule({"=~": [{"request.origin_query": "q"}, f"^{e}!x$"]}), lambda t: (f"/?q={t}", {})
    ),
    "header": (
        lambda e: _rule({"=~": [{"request.header": "x-a"}, f"^{e}!x$"]}), lambda t: ("/", {"x_a": t})
    ),
    "cookie": (
        lambda e: _rule({"=~": [{"request.cookie": "c"}, f"^{e}!x$"]}), lambda t: ("/", {"cookie": f"c={t}"})
    ),
    "host": (lambda e: _rule({"=~": [{"request.header": "host"}, f"^{e}!x$"]}), lambda t: ("/", {"host": t})),
    "pattern": (
        lambda e: _rule({"==": [{"request": "path"}, f"/:a({plain(e)}!x)"]}),
        lambda t: (f"/{t}", {}),
    ),
    "redirect": (
        lambda e: _rule(url={"url_redirect": {**_redirect(f"^/{e}!x$"), "code": 302}}),
        lambda t: (f"/{t}", {}),
    ),
    "rewrite": (lambda e: _rule(url={"url_rewrite": [_redirect(f"^/{e}!x$")]}), lambda t: (f"/{t}", {})),
    "rewrite with query": (
        lambda e: _rule(url={"url_rewrite": [_redirect(f"[?]{e}!x$")]}), lambda t: (f"/?{t}", {})
    ),
    "cache key": (
        lambda e: _rule(caching={"cache_key_rewrite": {"source": f"^/{e}!x$", "destination": "/k"}}),
        lambda t: (f"/{t}", {}),
    ),
    "variable": (
        lambda e: _rule(
            headers={"set_response_headers": {"x-b": "%{http_x_a/=^" + e.replace("/", r"\/") + "!x$/n}"}}
        ),
        lambda t: ("/", {"x_a": t}),
    ),
    "every match of a variable": (
        lambda e: _rule(headers={"set_request_headers": {"x-b": "%{http_x_a//" + e + "!x/n}"}}),
        lambda t: ("/", {"x_a": t}),
    ),
    "start of a variable": (
        lambda e: _rule(headers={"set_request_headers": {"x-b": "%{http_x_a#" + e + "!x}"}}),
        lambda t: ("/", {"x_a": t}),
    ),
}  # fmt: skip


async def processor_time(rules: RuleSet, target: str, headers: dict[str, str]) -> float:
    """Return the least processor time of three requests to an edge."""
    best = float("inf")
    for _ in range(3):
        harness = Harness(rules)
        start = time.process_time()
        got = await harness.get(target, **headers)
        best = min(best, time.process_time() - start)
        assert got.status in (200, 302, 400)
    return best


@pytest.mark.parametrize("place", PLACES)
def test_four_times_the_text_takes_a_few_times_as_long(place: str) -> None:
    """For each evil expression in each place where rules meet a request's text.

    Exponential time would never end, and time that grows with the square would be sixteen times as long.
    """
    rules_of, request_of = PLACES[place]

    async def scenario() -> None:
        for evil in EVIL:
            rules = rules_of(evil)
            await processor_time(rules, *request_of("a" * 50))
            short = await processor_time(rules, *request_of("a" * 4_000))
            long = await processor_time(rules, *request_of("a" * 16_000))
            assert long < 10 * short + 0.005, (evil, short, long)

    with bounded():
        asyncio.run(scenario())


def test_a_text_that_no_engine_takes_in_time_is_refused() -> None:
    """RE2 has no lookahead: a short text is matched, a long one gets a clear 400, and no origin is asked."""
    rules = _rule({"=~": [{"request": "path"}, "^/(?!x)(.*)-(.*)-(.*)!$"]})
    harness = Harness(rules)

    async def scenario() -> None:
        assert (await harness.get("/a-b")).status == 200
        got = await harness.get("/" + "-" * 3_000)
        assert got.status == 400
        assert got.body == b"This request is too long for a regular expression in the rules.\n"
        assert "could take too much time on 3,001 characters" in (got.trace.reason or "")
        assert harness.origin.targets == ["GET /a-b"]

    with bounded():
        asyncio.run(scenario())


def test_a_text_of_the_answer_is_refused_as_well() -> None:
    """The origin's answer is closed then."""
    template = "%{http_x_a/=^(?!x)(.*)-(.*)-(.*)!$/n}"
    harness = Harness(_rule(headers={"set_response_headers": {"x-b": template}}))

    async def scenario() -> None:
        got = await harness.get("/", x_a="-" * 3_000)
        assert got.status == 400
        assert harness.origin.closed >= len(harness.origin.asked)

    with bounded():
        asyncio.run(scenario())


@pytest.mark.parametrize(
    "rules",
    [
        Router().match(re.compile("^(?:(?!b)a+)+$"), comment="x"),
        Router().match("/:a((?:(?!b)a+)+)", comment="x"),
        Router().match({"headers": {"x-a": re.compile("^(?:(?!b)a+)+$")}}, comment="x"),
        Router().match("/", url={"url_rewrite": [{"source": "^(?:(?!b)a+)+$", "destination": "/"}]}),
        Router().always(headers={"set_response_headers": {"x-b": "%{http_x_a/=^(?:(?!b)a+)+$/n}"}}),
        Router().always(headers={"set_response_headers": {"x-b": "%{http_x_a//(?:a+)*/n}"}}),
        Router().match("/a", Router().match(re.compile("^(?:(?!b)a+)+$"), comment="x")),
    ],
)
def test_what_could_take_exponential_time_is_found_before_the_edge_serves(rules: Router) -> None:
    """In every place; with its line."""
    assert [(found.source is not None) for found in unbounded(rules.rules)] == [True]
