"""Keys whose last response could not be stored."""

from __future__ import annotations

from sys import getsizeof

from prefetchrouter.edge.engine.hit_for_miss import HitForMiss

LONG = ("shop.example/" + "a" * 60_000,)


def test_keys_are_remembered_by_their_hash() -> None:
    """A key may be as long as a request; two that collide are only fetched without coalescing."""
    marks = HitForMiss(lambda: 0.0, 10)
    marks.mark(LONG)
    assert LONG in marks
    assert ("shop.example/a",) not in marks
    assert sum(map(getsizeof, marks._until)) < 100
    marks.unmark(LONG)
    assert LONG not in marks
    assert len(marks) == 0


def test_a_key_is_forgotten_after_some_seconds() -> None:
    now = 0.0
    marks = HitForMiss(lambda: now, 10)
    marks.mark(LONG)
    now = 9.9
    assert LONG in marks
    now = 10.0
    assert LONG not in marks
    assert len(marks) == 0
