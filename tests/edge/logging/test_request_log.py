"""The request_log: bounded, numbered, and counted right."""

from __future__ import annotations

import timeit
from collections import deque
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from edge.exchanges import exchange, origin_request
from prefetchrouter.edge.logging.request_log import Reasons, RequestLog, is_refresh
from prefetchrouter.edge.request_trace import CacheStatus, PrefetchStatus, RequestTrace


def test_requests_are_numbered_from_one_and_shown_newest_first() -> None:
    """Numbers stay with their requests when old ones are forgotten."""
    request_log = RequestLog(keeps=3)
    for number in range(1, 6):
        assert request_log.note(exchange(f"/{number}")).number == number
    assert [entry.number for entry in request_log.entries] == [5, 4, 3]
    assert [entry.exchange.request.path for entry in request_log.entries] == ["/5", "/4", "/3"]


def test_a_request_is_found_by_its_number_while_it_is_remembered() -> None:
    """Neither those that are forgotten, nor those to come, nor odd numbers are found."""
    request_log = RequestLog(keeps=2)
    assert request_log.entry(1) is None
    for number in range(1, 5):
        request_log.note(exchange(f"/{number}"))
    found = {number: request_log.entry(number) for number in (-1, 0, 2, 3, 4, 5)}
    assert [number for number, entry in found.items() if entry] == [3, 4]
    assert found[3] is not None
    assert found[3].exchange.request.path == "/3"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(get_args(CacheStatus)),
            st.sampled_from([None, *get_args(PrefetchStatus)]),
            st.integers(0, 10_000),
        ),
        max_size=30,
    ),
    st.lists(st.booleans(), max_size=20),
)
def test_counters_add_up_whatever_comes(noted: list[Any], failed: list[bool]) -> None:
    """Every request is in exactly one group, and memory has no part in counting."""
    request_log = RequestLog(keeps=5)
    for cache, prefetch, size in noted:
        request_log.note(exchange(cache=cache, prefetch=prefetch, size=size))
    for is_failed in failed:
        request_log.note_origin(origin_request(failure="cut" if is_failed else None))
    counters = request_log.counters
    refused = sum(cache == "refused" for cache, _, _ in noted)
    groups = (
        counters.hits,
        counters.stale,
        counters.misses,
        counters.passed,
        counters.synthetic,
        counters.errors,
    )
    assert sum(groups) + refused == counters.requests == len(noted) - counters.internal
    assert counters.refused == sum(prefetch == "refused" for _, prefetch, _ in noted)
    assert counters.prefetches == sum(prefetch is not None for _, prefetch, _ in noted)
    assert counters.origin_requests == len(failed)
    assert counters.origin_failures == sum(failed)
    to_site = sum(
        size for cache, _, size in noted if cache not in ("internal", "synthetic", "error", "refused")
    )
    assert counters.bytes_cached + counters.bytes_fetched == to_site
    assert len(request_log.entries) <= 5
    assert len(request_log.origin_calls) <= 5


def test_what_origins_did_not_get_is_saved() -> None:
    """Two requests of four reached the origin: two are saved; what rules made never would have."""
    request_log = RequestLog()
    for cache in ("miss", "hit", "refused", "pass", "synthetic", "error"):
        request_log.note(exchange(cache=cache))
    request_log.note_origin(origin_request())
    request_log.note_origin(origin_request())
    assert request_log.counters.saved == 2


def test_more_origin_requests_than_requests_save_nothing() -> None:
    """Retries and refreshes do not make the number negative."""
    request_log = RequestLog()
    request_log.note_origin(origin_request())
    assert request_log.counters.saved == 0


def test_noting_costs_little() -> None:
    """It is on the path of every hit: at most some twenty times an append, whatever the machine."""
    request_log, noted = RequestLog(), exchange(prefetch="hit")
    kept: deque[object] = deque(maxlen=500)
    noting = min(timeit.repeat(lambda: request_log.note(noted), number=2000, repeat=7))
    appending = min(timeit.repeat(lambda: kept.append(noted), number=2000, repeat=7))
    assert noting < 40 * appending


def test_the_reason_of_an_origin_request_is_the_request_for_which_it_was_asked() -> None:
    """Not another one for the same path at the same time."""
    request_log = RequestLog()
    notes = [request_log.note(exchange("/pages/1", cache="miss", origin_calls=["web 200"])) for _ in range(3)]
    for entry in notes:
        asked = origin_request(url="/srv/site/pages/1", cause=entry.exchange.trace)
        assert Reasons(request_log.entries).of(asked) is entry
        assert not is_refresh(asked)


def test_the_reason_of_a_refresh_is_the_request_that_began_it() -> None:
    """Though it reports no origin itself."""
    request_log = RequestLog()
    stale = request_log.note(exchange("/pages/1", cache="stale"))
    asked = origin_request(cause=RequestTrace(refresh_of=stale.exchange.trace))
    assert Reasons(request_log.entries).of(asked) is stale
    assert is_refresh(asked)


def test_what_is_forgotten_or_under_way_is_not_a_reason() -> None:
    """It has no number to name."""
    request_log = RequestLog(keeps=1)
    first = request_log.note(exchange("/pages/1", cache="miss", origin_calls=["web 200"]))
    request_log.note(exchange("/pages/1", cache="miss", origin_calls=["web 200"]))
    for cause in (None, RequestTrace(), first.exchange.trace):
        assert Reasons(request_log.entries).of(origin_request(cause=cause)) is None
