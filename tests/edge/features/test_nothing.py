"""What may be written in rules and makes no difference here."""

from __future__ import annotations

import asyncio

from edge.features.rules import harness, shows
from edge.harness import body_of, request


@shows("comment", "set_variables", "nel.disabled")
async def test_notes_and_names_change_nothing() -> None:
    told = {"comment": "a note", "set_variables": {"season": "winter"}, "nel": {"disabled": False}}
    there = harness({"caching": {"max_age": "1h"}, **told})
    for _ in range(2):
        got = await there.get("/a")
        assert set(got.headers) == {"age", "date"}
    assert "season" not in there.origin.asked[0].headers


@shows("caching.partial_cache_sharing_min_hit_size")
async def test_a_body_of_any_size_is_shared_while_it_comes() -> None:
    there = harness({"caching": {"max_age": "1h", "partial_cache_sharing_min_hit_size": 1_000_000}})
    answer = there.answers("/a", b"first")
    answer.body_gate = asyncio.Event()
    one, _ = await there.edge.handle(request("/a"))
    other, trace = await there.edge.handle(request("/a"))
    assert (trace.cache, len(there.origin.asked)) == ("coalesced", 1)
    answer.body_gate.set()
    assert [await body_of(one), await body_of(other)] == [b"first", b"first"]
