"""The worked examples of `docs/freshness.md`: headers, a click, and who uses the prefetched copy."""

from __future__ import annotations

from typing import Final

import pytest

from prefetchrouter.freshness import Layers, ReceivedResponse, Worker, lookup, odds, worst_age
from prefetchrouter.freshness.mechanism_table import MechanismName
from prefetchrouter.freshness.mechanisms import Limit

P3: Final = "chromium-link-age-bug"
P2: Final = "chromium-link-window"
P1: Final = "chromium-link"
P5: Final = "firefox-link"
P8: Final = "speculation-rules"
COLUMNS: tuple[MechanismName, ...] = (P3, P2, P1, P5, P8)

HOUR_OLD = "Thu, 01 Jan 2026 11:00:00 GMT"
NOON_SECONDS = 1_767_268_800.0

# Headers; seconds to the click; y used, - asked again, h used from the HTTP cache, in the order of COLUMNS.
EXAMPLES = [
    ({"cache-control": "max-age=900"}, 600, "yyyyh"),
    ({"cache-control": "max-age=900, must-revalidate", "age": "840"}, 30, "yyyyy"),
    ({"cache-control": "max-age=900, must-revalidate", "age": "840"}, 61, "-y--y"),
    ({"cache-control": "max-age=900, must-revalidate", "age": "840"}, 301, "-----"),
    ({"cache-control": "max-age=900", "age": "900"}, 1, "-y--y"),
    ({"cache-control": "max-age=900", "age": "901"}, 1, "-y--y"),
    ({"cache-control": "max-age=0"}, 30, "yy--y"),
    ({"cache-control": "max-age=0", "age": "299"}, 1, "-y--y"),
    ({"cache-control": "max-age=0", "age": "301"}, 1, "-y--y"),
    ({"cache-control": "max-age=60"}, 61, "yy--y"),
    ({"cache-control": "no-cache"}, 30, "yy--y"),
    ({"cache-control": "no-store"}, 30, "----y"),
    ({}, 60, "yy-yy"),
    ({"age": "5000"}, 60, "-y-yy"),
    ({"cache-control": "max-age=604800", "age": "604000"}, 600, "yyyyh"),
    ({"cache-control": "max-age=604800", "age": "604000"}, 801, "-----"),
    ({"cache-control": "max-age=900", "date": HOUR_OLD}, 1, "-y--y"),
]
CASES = [
    pytest.param(
        mechanism,
        headers,
        t,
        result,
        id=f"{mechanism} {' '.join(f'{n}={v}' for n, v in headers.items())} at {t}",
    )
    for headers, t, results in EXAMPLES
    for mechanism, result in zip(COLUMNS, results, strict=True)
]


@pytest.mark.parametrize("mechanism, headers, t, result", CASES)
def test_p1_p2_p3_p5_p8_use_the_copy_or_ask_again(
    mechanism: MechanismName, headers: dict[str, str], t: float, result: str
) -> None:
    """Response delay 0, first use, same document, no worker."""
    found = lookup(mechanism, ReceivedResponse.from_headers(headers, response_time=NOON_SECONDS), t)
    assert result == ("h" if found.from_http_cache else "y" if found.used else "-")


def test_f5_the_articles_copy_lasts_a_minute_not_a_quarter_of_an_hour() -> None:
    """`max-age=900` with `Age: 840`: clicks up to 59.9 s cost nothing."""
    response = ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"})
    assert lookup(P1, response, 59.9).seconds_left == 60


def test_p2_without_the_age_bug_the_articles_copy_would_have_lasted_five_minutes() -> None:
    """The window counts from the prefetch."""
    response = ReceivedResponse.from_headers({"cache-control": "max-age=900", "age": "840"})
    assert lookup(P2, response, 0).seconds_left == 300


def test_f8_the_articles_second_request_was_a_304() -> None:
    """At `Age: 901` each prefetch was two requests, one of them conditional."""
    headers = {"cache-control": "max-age=900, must-revalidate", "age": "901", "etag": '"a"'}
    assert lookup(P3, ReceivedResponse.from_headers(headers), 1).request_at_click == "conditional"


WEEK, DAY, HOUR, QUARTER = 604_800, 86_400, 3600, 900


@pytest.mark.parametrize(
    "layers, seconds",
    [
        (Layers(edge=QUARTER, browser=QUARTER, age_sent=False), 1800),
        (Layers(edge=QUARTER, browser=QUARTER), 900),
        (Layers(edge=HOUR, edge_stale=DAY, worker=Worker(HOUR)), 93_600),
        (Layers(edge=HOUR, edge_stale=DAY, worker=Worker(HOUR, subtracts_age=True)), 90_000),
        (Layers(edge=HOUR, worker=Worker(HOUR)), 7200),
        (Layers(edge=HOUR, worker=Worker(HOUR, subtracts_age=True)), 3600),
    ],
)
def test_t2_lifetimes_add_up(layers: Layers, seconds: float) -> None:
    """The article's quarters of an hour, and the guide's hour with a day of stale-while-revalidate."""
    assert seconds == worst_age(layers).seconds


@pytest.mark.parametrize(
    "edge, browser, reading, percent",
    [
        (WEEK, QUARTER, 0, 0.15),
        (DAY, QUARTER, 0, 1.04),
        (DAY, HOUR, 0, 4.17),
        (QUARTER, QUARTER, 30, 96.67),
        (QUARTER, HOUR, 30, 100),
        (QUARTER, QUARTER, 900, 0),
    ],
)
def test_p11_odds_of_use(edge: float, browser: float, reading: float, percent: float) -> None:
    """P11: of a copy that an edge keeps for a week, browsers use 0.15 % for a quarter of an hour."""
    assert percent == round(100 * odds(Limit(age=browser), edge_ttl=edge, reading=reading), 2)
