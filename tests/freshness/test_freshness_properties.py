"""What holds for all headers and numbers, found out with random ones."""

from __future__ import annotations

import math

from hypothesis import event, example, given
from hypothesis import strategies as st

from prefetchrouter.errors import FreshnessError
from prefetchrouter.freshness import (
    MECHANISMS,
    Circumstances,
    Delivery,
    Layers,
    ReceivedResponse,
    Worker,
    advise,
    lookup,
    odds,
    spoken,
    worst_age,
    worst_age_after_purge,
)
from prefetchrouter.freshness.http import current_age, freshness_lifetime, is_fresh, stale_seconds, storable
from prefetchrouter.freshness.mechanism_table import MechanismName
from prefetchrouter.freshness.mechanisms import has_freshness_information

DIRECTIVES = [
    "no-store", "no-cache", "private", "public", "must-revalidate", "immutable", "max-age=0", "max-age=60",
    "max-age=900", 'max-age="900"', "max-age=abc", "s-maxage=60", "stale-while-revalidate=600",
]  # fmt: skip
MOMENTS = [
    "Thu, 01 Jan 2026 11:00:00 GMT",
    "Thu, 01 Jan 2026 12:00:00 GMT",
    "Thu, 01 Jan 2026 13:00:00 GMT",
    "0",
]
NOON = 1_767_268_800.0

lengths = st.integers(0, 10_000).map(float)
any_numbers = st.floats() | st.integers() | st.floats(0, 1e6)
controls = st.lists(st.sampled_from(DIRECTIVES), max_size=4).map(", ".join)
headers = st.fixed_dictionaries(
    {},
    optional={
        "cache-control": controls,
        "age": st.integers(0, 2000).map(str),
        "date": st.sampled_from(MOMENTS),
        "expires": st.sampled_from(MOMENTS),
        "last-modified": st.sampled_from(MOMENTS),
        "pragma": st.just("no-cache"),
        "etag": st.just('"a"'),
        "vary": st.sampled_from(["", "Accept", "Cookie", "Sec-Fetch-Dest", "*"]),
    },
)
statuses = st.sampled_from([200, 204, 301, 304, 404, 412, 503])
answers = st.builds(
    lambda fields, status: ReceivedResponse.from_headers(fields, status=status, response_time=NOON),
    headers,
    statuses,
)
workers = st.none() | st.builds(Worker, lengths, st.booleans(), st.booleans())
visits = st.builds(Circumstances, st.booleans(), st.booleans(), st.booleans(), workers)
mechanisms = st.sampled_from(sorted(MECHANISMS))
layers = st.builds(Layers, lengths, lengths, lengths, workers, st.booleans(), st.booleans())


def older(response: ReceivedResponse, by: float) -> ReceivedResponse:
    fields = {name: getattr(response, name) for name in ReceivedResponse.__dataclass_fields__}
    return ReceivedResponse(**{**fields, "age": response.age + by})


@given(mechanisms, answers, visits, lengths)
def test_a_copy_is_used_exactly_until_its_seconds_are_over(
    mechanism: MechanismName, response: ReceivedResponse, visit: Circumstances, t: float
) -> None:
    """`used` and `seconds_left` never disagree, and an unused copy is asked about."""
    found = lookup(mechanism, response, t, visit)
    assert found.used is (t < found.seconds_left)
    assert (found.used or found.is_dead) is (found.request_at_click == "none")


@given(mechanisms, answers, visits, lengths, lengths)
def test_an_older_copy_never_has_more_seconds_left(
    mechanism: MechanismName, response: ReceivedResponse, visit: Circumstances, t: float, by: float
) -> None:
    """Monotony in the age at the edge."""
    before, after = lookup(mechanism, response, t, visit), lookup(mechanism, older(response, by), t, visit)
    assert after.seconds_left <= before.seconds_left


@given(answers, visits, lengths)
@example(ReceivedResponse.from_headers({"cache-control": "max-age=60"}, status=204), Circumstances(), 0)
def test_p1_is_f1_f5_and_f10(response: ReceivedResponse, visit: Circumstances, t: float) -> None:
    """The limits of P1 say what the rules say moment by moment. A fresh 204 is used, too: nothing happens."""
    found = lookup("chromium-link", response, t, visit)
    if found.used or found.is_dead:
        assert storable(response, reader="chromium")
        assert is_fresh(response, t, reader="chromium")
    elif not response.vary and storable(response, reader="chromium"):
        assert not is_fresh(response, t, reader="chromium")


@given(answers, lengths)
def test_p5_is_f5_f9_or_the_window(response: ReceivedResponse, t: float) -> None:
    """The limits of P5 say what the rules say moment by moment."""
    if response.status not in (200, 204) or response.vary or not storable(response):
        return
    found = lookup("firefox-link", response, t)
    stale = current_age(response, t) - freshness_lifetime(response, reader="firefox").seconds
    expected = (
        is_fresh(response, t, reader="firefox")
        or (0 <= stale < stale_seconds(response, "firefox"))
        or (not has_freshness_information(response) and t < 300)
    )
    assert expected is (found.used or found.is_dead)


@given(answers, lengths)
def test_the_windows_only_ever_add(response: ReceivedResponse, t: float) -> None:
    """P2 is at least P3, which is at least P1; P5 at least P4; P8 at least P1."""
    used = {name: lookup(name, response, t).used for name in MECHANISMS}
    assert used["chromium-link"] <= used["chromium-link-age-bug"] <= used["chromium-link-window"]
    assert used["firefox-link-151"] <= used["firefox-link"]
    assert used["chromium-link"] <= used["speculation-rules"]


@given(mechanisms, answers, visits, lengths, lengths, lengths, st.booleans())
def test_odds_are_a_share_and_fall_with_reading(
    mechanism: MechanismName,
    response: ReceivedResponse,
    visit: Circumstances,
    edge: float,
    reading: float,
    more: float,
    sent: bool,
) -> None:
    """P11: from 0 to 1; a longer reading never helps, nor does a longer life at the edge."""
    limit = MECHANISMS[mechanism].limit(response, visit)
    share = odds(limit, edge_ttl=edge, reading=reading, age_sent=sent)
    assert 0 <= odds(limit, edge_ttl=edge, reading=reading + more, age_sent=sent) <= share <= 1
    assert odds(limit, edge_ttl=edge + more, reading=reading, age_sent=sent) <= share


@given(mechanisms, answers, visits, lengths, lengths)
def test_odds_are_the_share_of_ages_at_which_the_copy_is_used(
    mechanism: MechanismName, response: ReceivedResponse, visit: Circumstances, edge: float, reading: float
) -> None:
    """P11 counted out: a hundred ages evenly over the life of the edge's copy."""
    limit = MECHANISMS[mechanism].limit(response, visit)
    ages = [edge * (part + 0.5) / 100 for part in range(100)]
    counted = sum(reading < limit.seconds_left(age) for age in ages) / 100
    assert abs(odds(limit, edge_ttl=edge, reading=reading) - counted) <= 0.0051


@given(layers, lengths)
def test_no_layer_makes_content_younger(some: Layers, more: float) -> None:
    """T2: monotony in every lifetime, and Age never makes it worse."""
    worst = worst_age(some).seconds
    for name in ("edge", "edge_stale", "browser"):
        fields = {field: getattr(some, field) for field in Layers.__dataclass_fields__}
        assert worst_age(Layers(**{**fields, name: fields[name] + more})).seconds >= worst
    assert worst_age_after_purge(some).seconds <= worst


@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60))), st.integers(), any_numbers, any_numbers
)
def test_random_headers_and_numbers_give_an_answer_or_a_coded_error(
    fields: list[tuple[str, str]], status: int, t: float, length: float
) -> None:
    """No other exception, for any mechanism, sum or advice."""
    try:
        response = ReceivedResponse.from_headers(fields, status=status, delay=length)
        visit = Circumstances(worker=Worker(length))
        for name, mechanism in MECHANISMS.items():
            lookup(name, response, t, visit)
            odds(mechanism.limit(response, visit), edge_ttl=length, reading=t)
        some = Layers(length, t, length, visit.worker)
        advise(Delivery(response, some, most_age=t))
    except FreshnessError:
        event("refused")


@given(answers, layers, st.none() | lengths)
def test_advice_is_coded_and_has_a_cure(
    response: ReceivedResponse, some: Layers, most_age: float | None
) -> None:
    """Every finding has its own code, at most once, and says what to do."""
    found = advise(Delivery(response, some, most_age=most_age))
    assert len({finding.code for finding in found}) == len(found)
    assert all(finding.hint and finding.severity == "warning" for finding in found)


@given(st.floats(0, 2e9))
def test_a_spoken_length_is_never_far_off(seconds: float) -> None:
    """Two units at most, and less than one of the smaller unit is lost."""
    units = {"d": 86_400.0, "h": 3600.0, "min": 60.0, "s": 1.0}
    words = spoken(seconds).split()
    total = sum(float(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert math.isclose(total, seconds, rel_tol=0.05, abs_tol=0.06)
