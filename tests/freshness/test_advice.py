"""Advice: each finding fires where it should, names the line, and is silent where It succeeds."""

from __future__ import annotations

import pytest

from prefetchrouter.freshness import Delivery, Layers, ReceivedResponse, Worker, advise
from prefetchrouter.source import Source

WEEK, HOUR, QUARTER = 604_800, 3600, 900
NOON = 1_767_268_800.0
DATE = "Thu, 01 Jan 2026 11:00:00 GMT"


def codes(delivery: Delivery) -> list[str]:
    return [finding.code.removeprefix("freshness/") for finding in advise(delivery)]


def control(text: str, status: int = 200, **headers: str) -> ReceivedResponse:
    return ReceivedResponse.from_headers({"cache-control": text, **headers}, status=status)


@pytest.mark.parametrize(
    "delivery, code",
    [
        (Delivery(control("no-store"), Layers(edge=HOUR)), "no-store"),
        (Delivery(control("no-cache"), Layers(edge=HOUR)), "never-fresh"),
        (Delivery(control("max-age=0"), Layers(edge=HOUR)), "never-fresh"),
        (Delivery(ReceivedResponse(), Layers(edge=HOUR)), "never-fresh"),
        (Delivery(control("max-age=3600", vary="Accept"), Layers(HOUR, browser=HOUR)), "vary"),
        (Delivery(control("max-age=3600", vary="Sec-Purpose"), Layers(HOUR, browser=HOUR)), "vary"),
        (
            Delivery(
                ReceivedResponse.from_headers(
                    {"cache-control": "max-age=3600", "date": DATE}, response_time=NOON
                ),
                Layers(HOUR, browser=HOUR),
            ),
            "date-kept",
        ),
        (Delivery(control("max-age=900"), Layers(WEEK, browser=QUARTER)), "edge-outlives-browser"),
        (Delivery(control("max-age=3600", 412), Layers(HOUR, browser=HOUR)), "stored-refusal"),
        (
            Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR, worker=Worker(WEEK))),
            "worker-outlives-edge",
        ),
        (Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR, age_sent=False)), "age-not-sent"),
        (Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR), most_age=60), "too-old"),
    ],
)
def test_one_thing_wrong_is_one_finding(delivery: Delivery, code: str) -> None:
    """Each code has a situation in which it is the only one."""
    assert codes(delivery) == [code]


@pytest.mark.parametrize(
    "delivery",
    [
        Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR)),
        Delivery(control("max-age=3600", vary="Cookie"), Layers(HOUR, browser=HOUR)),
        Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR, worker=Worker(HOUR))),
        Delivery(
            control("max-age=3600"), Layers(HOUR, browser=HOUR, worker=Worker(WEEK, subtracts_age=True))
        ),
        Delivery(control("max-age=900"), Layers(WEEK, browser=QUARTER, age_sent=False)),
        Delivery(control("max-age=3600"), Layers(HOUR, browser=HOUR), most_age=HOUR),
    ],
)
def test_nothing_wrong_gives_no_finding(delivery: Delivery) -> None:
    """Silence where there is nothing to change."""
    assert codes(delivery) == []


def test_a_finding_names_the_line_to_change() -> None:
    """The line of the first feature that decides it."""
    lines = {"max_age": Source("routes.py", 7), "client_max_age": Source("routes.py", 9)}
    found = advise(Delivery(control("max-age=900"), Layers(WEEK, browser=QUARTER), lines))
    assert [finding.source for finding in found] == [Source("routes.py", 9)]


def test_the_odds_are_reported() -> None:
    """P11: a week at the edge, a quarter of an hour in the browser."""
    (finding,) = advise(Delivery(control("max-age=900"), Layers(WEEK, browser=QUARTER)))
    assert "0.15 % of link prefetches can be used" in finding.message


def test_a_worker_makes_a_lost_link_prefetch_useful() -> None:
    """P9: the finding says so."""
    layers = Layers(WEEK, browser=0, worker=Worker(HOUR))
    (finding,) = advise(Delivery(control("no-store"), layers))
    assert "the response in the service worker still is" in finding.message


def test_firefox_uses_what_says_nothing_of_freshness() -> None:
    """P5: so only Chromium is named."""
    (finding,) = advise(Delivery(ReceivedResponse(), Layers(edge=HOUR)))
    assert finding.message.startswith(
        "no freshness lifetime in browsers: a link prefetch is never used in Chromium"
    )
