"""The bounded cache: keys, variants, eviction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.edge.cache import Cache, StoredResponse
from prefetchrouter.edge.cache.store import BYTES_OF_A_KEY
from prefetchrouter.edge.cache.stored_response import Key, Variant
from prefetchrouter.edge.requests import NO_FIELDS
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import StoragePolicy


def copy(name: str, body: bytes = b"body", variant: Variant = (), key: Key | None = None) -> StoredResponse:
    answer = Response(200, {"content-type": "text/plain"})
    return StoredResponse(
        key or (name,), variant, answer, answer.fields, body, StoragePolicy(60, 0, 0, "rule"), 1000.0, 5.0
    )


def test_a_copy_is_found_by_its_key() -> None:
    cache = Cache(100_000)
    kept = copy("/a")
    assert cache.store(kept)
    assert cache.find(("/a",), NO_FIELDS) is kept
    assert cache.find(("/b",), NO_FIELDS) is None
    assert (len(cache), cache.size) == (1, kept.size + BYTES_OF_A_KEY)


def test_a_newer_copy_takes_the_place_of_the_older() -> None:
    cache = Cache(100_000)
    cache.store(copy("/a", b"x" * 1000))
    newer = copy("/a", b"y")
    cache.store(newer)
    assert cache.find(("/a",), NO_FIELDS) is newer
    assert (len(cache), cache.size) == (1, newer.size + BYTES_OF_A_KEY)


def test_copies_are_distinguished_by_what_vary_names() -> None:
    cache = Cache(100_000)
    german = copy("/a", b"de", (("accept-language", "de"),))
    english = copy("/a", b"en", (("accept-language", "en"),))
    cache.store(german)
    cache.store(english)
    assert cache.find(("/a",), HeaderFields({"accept-language": "de"})) is german
    assert cache.find(("/a",), HeaderFields({"accept-language": "en"})) is english
    assert cache.find(("/a",), NO_FIELDS) is None
    assert cache.vary_names(("/a",)) == ("accept-language",)
    assert cache.vary_names(("/b",)) == ()


def test_a_key_has_only_so_many_copies() -> None:
    cache = Cache(1_000_000, variants=3)
    for number in range(5):
        cache.store(copy("/a", variant=(("cookie", str(number)),)))
    assert len(cache) == 3
    assert cache.find(("/a",), HeaderFields({"cookie": "1"})) is None
    assert cache.find(("/a",), HeaderFields({"cookie": "4"})) is not None
    assert cache.size == sum(view.size for view in cache.views(0)) + BYTES_OF_A_KEY


def test_what_was_unused_longest_goes_first() -> None:
    one = copy("/1", b"x" * 1000)
    cache = Cache((one.size + BYTES_OF_A_KEY) * 3)
    for name in ("/1", "/2", "/3"):
        cache.store(copy(name, b"x" * 1000))
    cache.find(("/1",), NO_FIELDS)
    cache.store(copy("/4", b"x" * 1000))
    assert [view.key for view in cache.views(0)] == [("/4",), ("/1",), ("/3",)]


def test_a_copy_larger_than_the_cache_is_not_kept() -> None:
    cache = Cache(copy("/a").size + BYTES_OF_A_KEY)
    cache.store(copy("/a"))
    assert not cache.store(copy("/large", b"x" * 5000))
    assert [view.key for view in cache.views(0)] == [("/a",)]


def test_copies_are_removed_by_key_by_address_or_all() -> None:
    cache = Cache(100_000)
    for key in (("/a",), ("/a", "origin web"), ("/b",), ("/c",)):
        cache.store(copy("", key=key))
    assert cache.invalidate("/a") == 2
    assert cache.invalidate("/a") == 0
    assert cache.remove(("/b",)) == 1
    assert cache.remove(("/b",)) == 0
    cache.clear()
    assert (len(cache), cache.size, cache.views(0)) == (0, 0, [])


def test_one_copy_is_discarded_and_the_others_of_its_key_stay() -> None:
    cache = Cache(100_000)
    first, second = copy("/a", variant=(("x", "1"),)), copy("/a", variant=(("x", "2"),))
    cache.store(first)
    cache.store(second)
    cache.discard(first)
    cache.discard(first)
    assert len(cache) == 1
    cache.discard(second)
    assert (len(cache), cache.size, cache.vary_names(("/a",))) == (0, 0, ())


def test_a_view_tells_times_from_now() -> None:
    cache = Cache(100_000)
    cache.store(copy("/a"))
    (view,) = cache.views(1010.0)
    assert (view.age, view.ttl, view.stale, view.basis, view.status) == (15, 50, 0, "rule", 200)


@pytest.mark.parametrize("now", [900.0, 1000.0])
def test_a_clock_that_was_set_back_makes_nothing_younger(now: float) -> None:
    assert copy("/a").resident_time(now) == 0


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz "), st.integers(0, 3000))))
def test_the_size_is_that_of_the_copies_and_within_the_bound(steps: list[tuple[str, str, int]]) -> None:
    cache = Cache(12_000, variants=2)
    for name, variant, size in steps:
        cache.store(copy(name, b"x" * size, _variant(variant)))
        views = cache.views(0)
        keys = len({view.key for view in views})
        assert cache.size == sum(view.size for view in views) + keys * BYTES_OF_A_KEY <= cache.limit
        assert all(count <= 2 for count in _counts(view.key for view in views).values())


def _variant(text: str) -> Variant:
    return () if text == " " else (("accept", text),)


def _counts(keys: Iterator[Key]) -> dict[Key, int]:
    counts: dict[Key, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts
