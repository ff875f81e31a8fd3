"""A prefetch that is answered without a page: what a click shows, as measured."""

from __future__ import annotations

import math

import pytest

from prefetchrouter.freshness import Delivery, Layers, ReceivedResponse, advise, lookup, outcome, worst_age
from prefetchrouter.freshness.mechanism_table import MechanismName

# Measured with Chromium 156 and Firefox ESR 153: the status, Cache-Control, and what a click does that comes
# a second later: d nothing at all, 0 shows what was prefetched, 1 asks and shows the page.
MEASURED = [
    # Speculation Rules, prerender, Chromium link, Firefox link
    (200, "no-store", "0011"),
    (200, "max-age=60", "0000"),
    (204, "no-store", "dd11"),
    (204, "max-age=60", "dddd"),
    (204, "public", "dd1d"),
    (205, "no-store", "dd11"),
    (205, "max-age=60", "ddd1"),
    (205, "public", "dd11"),
    (206, "no-store", "0011"),
    (206, "max-age=60", "0000"),
    (304, "no-store", "1111"),
    (304, "max-age=60", "ddd1"),
    (304, "public", "1111"),
    (412, "no-store", "1111"),
    (412, "max-age=60", "0001"),
    (503, "no-store", "1111"),
    (503, "max-age=60", "0001"),
]
COLUMNS: tuple[MechanismName, ...] = ("speculation-rules", "prerender", "chromium-link", "firefox-link")


@pytest.mark.parametrize(("status", "control", "clicks"), MEASURED)
def test_what_a_click_shows(status: int, control: str, clicks: str) -> None:
    response = ReceivedResponse.from_headers({"cache-control": control}, status=status)
    for mechanism, told in zip(COLUMNS, clicks, strict=True):
        found = lookup(mechanism, response, 1)
        is_dead = told == "d"
        assert (found.is_dead, found.used, found.request_at_click == "none") == (
            is_dead,
            told == "0",
            told != "1",
        ), mechanism
        assert (outcome(found) == "dead") is is_dead
        assert ("the click does nothing" in found.reason) is is_dead


@pytest.mark.parametrize(
    ("mechanism", "control", "seconds"),
    [
        ("speculation-rules", "no-store", 300),
        ("prerender", "no-store", 300),
        ("chromium-link", "max-age=60", 60),
        ("firefox-link", "max-age=60", 60),
        ("firefox-link", "public", 300),
        ("fetch", "max-age=60", 60),
        ("safari-preload", "max-age=60", 60),
    ],
)
def test_a_dead_link_comes_to_life_when_the_answer_is_gone(
    mechanism: MechanismName, control: str, seconds: float
) -> None:
    response = ReceivedResponse.from_headers({"cache-control": control}, status=204)
    assert lookup(mechanism, response, seconds - 1).is_dead
    later = lookup(mechanism, response, seconds)
    assert (later.is_dead, later.request_at_click, later.seconds_left) == (False, "full", 0)


@pytest.mark.parametrize("status", [204, 205])
@pytest.mark.parametrize("control", ["no-store", "max-age=60", ""])
def test_advice_names_it(status: int, control: str) -> None:
    response = ReceivedResponse.from_headers({"cache-control": control}, status=status)
    codes = [found.code for found in advise(Delivery(response, Layers(edge=60)))]
    assert codes[0] == "freshness/dead-link"


@pytest.mark.parametrize(
    ("status", "control"), [(200, "max-age=60"), (206, "max-age=60"), (304, "no-store"), (412, "no-store")]
)
def test_advice_says_nothing_of_others(status: int, control: str) -> None:
    response = ReceivedResponse.from_headers({"cache-control": control}, status=status)
    assert "freshness/dead-link" not in [found.code for found in advise(Delivery(response, Layers(edge=60)))]


def test_a_prerendered_page_has_no_limit() -> None:
    """Measured: shown after 320 s, with no-store, and without a request."""
    found = lookup("prerender", ReceivedResponse.from_headers({"cache-control": "no-store"}), 10_000)
    assert (found.used, found.seconds_left, found.reason) == (
        True,
        math.inf,
        "until the previous page is closed",
    )
    worst = worst_age(Layers(edge=3600, prerender=True))
    assert worst.seconds == math.inf
    assert worst.sum == "1 h edge + prerendered until the previous page is closed"
    assert (
        str(worst)
        == "content has no age limit: a prerendered page waits as long as the previous page is open"
    )
    findings = advise(
        Delivery(
            ReceivedResponse.from_headers({"cache-control": "max-age=60"}),
            Layers(prerender=True),
            most_age=60,
        )
    )
    assert "freshness/too-old" in [found.code for found in findings]
