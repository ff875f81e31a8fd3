"""Rules P1 to P10 where the worked examples and the measured matrix say nothing."""

from __future__ import annotations

import pytest

from prefetchrouter.errors import FreshnessError
from prefetchrouter.freshness import (
    MECHANISMS,
    Circumstances,
    Limit,
    ReceivedResponse,
    Worker,
    lookup,
    outcome,
)
from prefetchrouter.freshness.mechanism_table import MechanismName


def control(text: str, status: int = 200, **headers: str) -> ReceivedResponse:
    return ReceivedResponse.from_headers({"cache-control": text, **headers}, status=status)


def test_every_mechanism_names_its_rule_in_order() -> None:
    """P1 to P9, P12 and P13, once each, under its own name."""
    rules = [mechanism.rule for mechanism in MECHANISMS.values()]
    assert sorted(rules, key=lambda rule: int(rule[1:])) == [
        f"P{number}" for number in (*range(1, 10), 12, 13)
    ]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_rule_says_where_it_comes_from(mechanism: MechanismName) -> None:
    """A docstring names the rule and its source."""
    rule = MECHANISMS[mechanism]
    assert (rule.limit.__doc__ or "").startswith(f"{rule.rule}: ")
    assert "Source: " in (rule.limit.__doc__ or "")


@pytest.mark.parametrize("mechanism", ["chromium-link-window", "chromium-link-age-bug"])
def test_the_five_minutes_were_for_the_first_use_only(mechanism: MechanismName) -> None:
    """P2, P3: a second navigation follows F5."""
    assert not lookup(mechanism, control("max-age=0"), 1, Circumstances(first_use=False)).used


def test_the_five_minutes_are_spent_by_the_lifetime_that_follows() -> None:
    """P2: `max-age=400` after the window has 100 s left, not 400."""
    assert lookup("chromium-link-window", control("max-age=400"), 0).seconds_left == 400


@pytest.mark.parametrize("t, used", [(89, True), (90, False)])
def test_firefox_serves_stale_while_it_revalidates(t: float, used: bool) -> None:
    """P4: `max-age=60, stale-while-revalidate=30` lasts 90 s."""
    assert used is lookup("firefox-link-151", control("max-age=60, stale-while-revalidate=30"), t).used


def test_firefox_before_152_has_no_window() -> None:
    """P4: no headers, no use."""
    assert not lookup("firefox-link-151", ReceivedResponse(), 1).used


@pytest.mark.parametrize("text", ["public", "private", "must-revalidate", "s-maxage=60", "immutable"])
def test_directives_without_a_lifetime_are_not_freshness_information(text: str) -> None:
    """P5: the 300 s stay."""
    assert lookup("firefox-link", control(text), 299).used


def test_safari_follows_plain_http() -> None:
    """P6: preload needs F5."""
    assert lookup("safari-preload", control("max-age=60"), 0).seconds_left == 60


def test_a_fetch_accepts_something_else_than_a_navigation() -> None:
    """P7: `Vary: Accept` keeps the copy from the click."""
    assert not lookup("fetch", control("max-age=60", vary="Accept"), 1).used


@pytest.mark.parametrize("name", ["Sec-Purpose", "Sec-Fetch-Mode"])
def test_vary_on_what_tells_a_prefetch_wastes_it(name: str) -> None:
    """F10: for every mechanism of the HTTP cache."""
    response = control("max-age=60", vary=name)
    names: list[MechanismName] = ["chromium-link", "firefox-link", "safari-preload", "fetch"]
    assert [name for name in names if lookup(name, response, 1).used] == []


def test_speculation_rules_do_not_care_for_vary() -> None:
    """P8: all cache headers are ignored at the first navigation."""
    assert lookup("speculation-rules", control("max-age=60", vary="*"), 1).used


@pytest.mark.parametrize("visit", [Circumstances(same_document=False), Circumstances(first_use=False)])
def test_speculation_rules_serve_one_click_of_the_same_document(visit: Circumstances) -> None:
    """P8: else the HTTP cache decides."""
    assert not lookup("speculation-rules", control("no-store"), 1, visit).used


@pytest.mark.parametrize(
    "status, used", [(200, True), (203, True), (204, False), (301, False), (404, False), (503, False)]
)
def test_speculation_rules_need_a_good_answer(status: int, used: bool) -> None:
    """P8: 2xx with a document."""
    assert used is lookup("speculation-rules", control("no-store", status), 1).used


def test_without_a_worker_its_store_serves_nothing() -> None:
    """P9: no mechanism."""
    assert not lookup("service-worker", control("max-age=900"), 1).used


@pytest.mark.parametrize(
    "worker, seconds_left",
    [(Worker(3600), 3600), (Worker(3600, subtracts_age=True), 2760), (Worker(3600, keeps=False), 0)],
)
def test_the_worker_counts_by_its_own_time_to_live(worker: Worker, seconds_left: float) -> None:
    """P9 and T1: Age counts only for a worker that subtracts it."""
    response = control("no-store", age="840")
    assert seconds_left == lookup("service-worker", response, 0, Circumstances(worker=worker)).seconds_left


def test_a_worker_cannot_store_for_less_than_nothing() -> None:
    """P9: a negative time to live is a coded error."""
    with pytest.raises(FreshnessError, match="the service worker's lifetime: -1"):
        lookup("service-worker", ReceivedResponse(), 0, Circumstances(worker=Worker(-1)))


@pytest.mark.parametrize("status", [404, 412])
def test_no_store_keeps_chromium_from_showing_a_refusal(status: int) -> None:
    """P10: send prefetch refusals with no-store."""
    assert not lookup("chromium-link", control("no-store", status), 1).used


@pytest.mark.parametrize(
    "text, t, clicked, changed, refused, worth",
    [
        ("max-age=60", 30, True, False, False, "used"),
        ("max-age=60", 90, True, False, False, "validated"),
        ("max-age=60", 90, True, True, False, "double"),
        ("no-store", 1, True, False, False, "double"),
        ("max-age=60", 30, False, False, False, "wasted"),
        ("max-age=60", 30, True, False, True, "refused"),
    ],
)
def test_what_a_prefetch_was_worth(
    text: str, t: float, clicked: bool, changed: bool, refused: bool, worth: str
) -> None:
    """The five outcomes; every response here has an ETag."""
    found = lookup("chromium-link", control(text, etag='"a"'), t)
    assert worth == outcome(found, clicked=clicked, changed=changed, refused=refused)


@pytest.mark.parametrize(
    "mechanism, text, t, reason",
    [
        ("chromium-link", "max-age=900", 60, "15 min old by then, fresh until 15 min"),
        ("chromium-link", "max-age=900", 0, "14 min old by then, fresh until 15 min"),
        ("chromium-link", "no-cache", 0, "never fresh, so the click sends a request"),
        ("chromium-link", "no-store", 0, "no-store: not stored"),
        ("speculation-rules", "no-store", 299, "within 5 min of the prefetch"),
        ("speculation-rules", "no-store", 300, "5 min have passed since the prefetch"),
        ("firefox-link", "public", 300, "5 min have passed since the prefetch"),
    ],
)
def test_a_lookup_says_why(mechanism: MechanismName, text: str, t: float, reason: str) -> None:
    """In a few words, with the rule; the copy is 840 s old on receipt."""
    assert reason == lookup(mechanism, control(text, age="840"), t).reason


def test_the_later_of_two_limits_counts() -> None:
    """A window from the prefetch and a lifetime from the generation do not add up."""
    assert Limit(elapsed=300, age=900).seconds_left(840) == 300


def test_the_old_name_of_the_request_at_a_click_warns() -> None:
    """For one release, with what to type."""
    found = lookup("chromium-link", ReceivedResponse.from_headers({"cache-control": "max-age=60"}), 1)
    with pytest.warns(DeprecationWarning, match="request_at_click"):
        assert found.asked == found.request_at_click


def test_what_never_becomes_stale_is_said_to_be_fresh_for_ever() -> None:
    """A 301 without a lifetime, in Chromium: "fresh until no limit" was printed."""
    moved = ReceivedResponse.from_headers({}, status=301)
    assert lookup("chromium-link", moved, 30).reason == "30 s old by then, fresh for ever"
