"""Lines for the terminal: aligned, never too long, never with raw control characters."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.exchanges import exchange
from prefetchrouter.edge.logging.entry_data import entry_json
from prefetchrouter.edge.logging.lines import (
    counters_text,
    left_text,
    note_text,
    reload_failed_text,
    reloaded_line,
    request_line,
    size_text,
)
from prefetchrouter.edge.logging.request_log import LogEntry, RequestLog
from prefetchrouter.edge.request_trace import CacheStatus, PrefetchStatus, RequestTrace
from prefetchrouter.errors import Diagnostic
from prefetchrouter.printable import printable
from prefetchrouter.report.table import Style
from prefetchrouter.source import Source

PLAIN, COLOURED = Style(enabled=False), Style(enabled=True)
_COLOUR = re.compile(r"\x1b\[[0-9]+m")
HIT = exchange("/pages/2", prefetch="hit", ttl=3598, rules=("routes.py:12",))
REFUSED = exchange("/pages/3", status=412, cache="refused", prefetch="refused", rules=("routes.py:12",))
MISS = exchange(
    "/pages/4", cache="miss", origin_calls=["web: 200 in 12 ms"], ttl=3600, rules=("routes.py:12",)
)


def test_lines_of_a_file_are_aligned_and_whole() -> None:
    """What became of the request, why, and the lines of the rules."""
    assert [request_line(one) for one in (HIT, REFUSED, MISS)] == [
        "GET    /pages/2                                  200  hit          "
        "prefetch: from the cache    TTL 59 min 58 s  routes.py:12",
        "GET    /pages/3                                  412  refused      "
        "prefetch: refused, no origin request                   routes.py:12",
        "GET    /pages/4                                  200  miss         "
        "-> web: 200 in 12 ms        TTL 1 h          routes.py:12",
    ]


def test_a_narrow_terminal_gets_the_short_form() -> None:
    """The line of the rule still has room."""
    assert [request_line(one, PLAIN, 80) for one in (HIT, REFUSED)] == [
        "GET    /pages/2                200  hit       prefetch  TTL 59 min  routes.py:12",
        "GET    /pages/3                412  refused   no origin request  routes.py:12",
    ]


def test_a_wide_terminal_has_columns() -> None:
    """The same thing at the same place in each line, whatever form has room; the rules last."""
    rules = ("routes.py:34", "routes.py:35", "routes.py:39")
    shown = (
        exchange("/pages/2", rules=rules, prefetch="hit", ttl=3598),
        exchange("/pages/2", rules=rules, cache="refused", prefetch="refused", status=412),
        exchange("/pages/2", rules=rules, cache="miss", origin_calls=["web: 200 in 12 ms"], ttl=29 * 86400.0),
    )
    lines = [request_line(one, PLAIN, width) for width in (120, 140) for one in shown]
    assert lines == [
        "GET    /pages/2                            200  hit          "
        "prefetch                    TTL 59 min  routes.py:39 +2",
        "GET    /pages/2                            412  refused      "
        "prefetch, no origin request              routes.py:39 +2",
        "GET    /pages/2                            200  miss         "
        "-> web: 200 in 12 ms        TTL 29 d    routes.py:39 +2",
        "GET    /pages/2                                  200  hit          "
        "prefetch: from the cache    TTL 59 min 58 s  routes.py:34 :35 :39",
        "GET    /pages/2                                  412  refused      "
        "prefetch, no origin request                   routes.py:34 :35 :39",
        "GET    /pages/2                                  200  miss         "
        "-> web: 200 in 12 ms        TTL 29 d         routes.py:34 :35 :39",
    ]


def test_the_folder_of_the_rules_goes_before_anything_else() -> None:
    """Then the rules, then the time: what happened stays."""
    rules = ("/srv/sites/the-shop/rules/routes.py:34", "/srv/sites/the-shop/rules/routes.py:39")
    one = exchange("/pages/2", rules=rules, prefetch="hit", ttl=3598)
    assert [request_line(one, PLAIN, width).partition("200  ")[2] for width in (120, 80, 64, 60)] == [
        "hit          prefetch                TTL 59 min  routes.py:39 +1",
        "hit       prefetch  TTL 59 min  routes.py:39",
        "hit       prefetch  TTL 59 min",
        "hit       prefetch",
    ]


def test_prefetch_parameters_are_reported_in_words_only() -> None:
    """They would hide the path."""
    line = request_line(exchange("/a", query="edgio_prefetch=1&x=1&edgio_dt_pf=1"))
    assert "/a?x=1 " in line


def test_long_urls_lose_their_middle_in_a_terminal() -> None:
    """Their end is often what tells them apart."""
    line = request_line(exchange("/" + "a" * 200 + "/last"), PLAIN, 120)
    assert "…" in line
    assert "/last " in line


def test_what_was_not_sent_whole_is_said() -> None:
    """Clients leave, origins break off."""
    assert "client gone" in request_line(exchange(ended="client gone"))
    assert "origin broke off" in request_line(exchange(ended="origin broke off", prefetch="hit"), PLAIN, 100)


def test_many_rules_are_counted_where_room_is_short() -> None:
    """The last, which usually decides, and how many there are before it."""
    line = request_line(exchange("/a", rules=tuple(f"routes.py:{n}" for n in range(10, 40))), PLAIN, 80)
    assert "routes.py:39 +29" in line


@given(
    st.text(max_size=150),
    st.text(max_size=20),
    st.sampled_from(get_args(CacheStatus)),
    st.sampled_from([None, *get_args(PrefetchStatus)]),
    st.text(max_size=80),
    st.none() | st.floats(-1e6, 1e9),
    st.integers(60, 240) | st.none(),
)
def test_nothing_raw_is_printed_and_lines_are_short(
    path: str, method: str, cache: Any, prefetch: Any, text: str, ttl: float | None, width: int | None
) -> None:
    """Whatever comes: one line, printable, within the width, the same with and without colour."""
    one = exchange(
        path,
        method=method[:8],
        cache=cache,
        prefetch=prefetch,
        reason=text,
        origin_calls=[text],
        ttl=ttl,
        rules=(text,),
    )
    line, coloured = (request_line(one, style, width) for style in (PLAIN, COLOURED))
    assert line.isprintable()
    assert "\n" not in coloured
    assert re.sub(r" +", "", _COLOUR.sub("", coloured)) == re.sub(r" +", "", line)
    if width is not None and len(printable(method[:8])) <= 5:
        assert len(line) <= width


def test_colours_say_what_the_cache_did() -> None:
    """Green for a hit, yellow for what is refused, red for failures; own files are dim."""
    assert "\x1b[32mhit" in request_line(HIT, COLOURED)
    assert "\x1b[33mrefused" in request_line(REFUSED, COLOURED)
    assert "\x1b[31m502" in request_line(exchange(status=502, cache="error"), COLOURED)
    assert request_line(exchange(cache="internal"), COLOURED).startswith("\x1b[2m")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("plain text", "plain text"),
        ("a\x1b]0;title\x07", "a\\x1b]0;title\\x07"),
        ("line\r\nfeed", "line\\r\\nfeed"),
        ("right\u202eto left", "right\\u202eto left"),
        ("half \ud800 pair", "half \\ud800 pair"),
        ("naïve", "naïve"),
    ],
)
def test_control_characters_are_escaped(text: str, expected: str) -> None:
    """Also those that turn the direction of writing, and halves of pairs."""
    assert printable(text) == expected


def test_the_note_is_the_prefetch_then_the_origin_then_the_reason() -> None:
    """The reason is left out where the others say it, and told where the cache had no part."""
    assert note_text(RequestTrace(reason="why")) == "why"
    fetched = RequestTrace("miss", prefetch="fetched", origin_calls=["web: 200"], reason="why")
    assert note_text(fetched) == "prefetch: may reach the origin -> web: 200"
    refused = RequestTrace("refused", prefetch="refused", reason="not stored: set-cookie")
    assert note_text(refused) == "prefetch: refused, no origin request, not stored: set-cookie"
    passed = RequestTrace("pass", origin_calls=["web: 200"], reason="not stored: set-cookie")
    assert note_text(passed) == "-> web: 200, not stored: set-cookie"


@pytest.mark.parametrize(
    "size, expected", [(0, "0 B"), (1023, "1023 B"), (1024 * 1024, "1 MiB"), (10**12, "931.3 GiB")]
)
def test_sizes_are_reported_in_the_unit_that_they_fill(size: int, expected: str) -> None:
    """Down to single bytes."""
    assert size_text(size) == expected


def test_a_copy_at_its_very_end_has_no_seconds_left() -> None:
    """Neither negative zero nor a fraction."""
    assert left_text(0.4) == "TTL 0 s"
    assert left_text(-0.4) == "stale for 0 s"


def test_json_lines_tell_all_but_secrets() -> None:
    """One line for each request; cookies in the key stand as their lengths."""
    one = exchange(
        asked={"cookie": "session=0123456789; pin=1234"},
        key="shop.example/ | cookie session=0123456789 | cookie pin=1234",
        reason="0123456789 in a reason",
    )
    text = entry_json(LogEntry(7, one))
    assert "\n" not in text
    assert "0123456789" not in text
    assert "1234" not in text
    data = json.loads(text)
    assert data["number"] == 7
    assert data["time"] == "1970-01-01T00:16:40.000Z"
    assert data["key"] == "shop.example/ | cookie session=(10 characters) | cookie pin=(4 characters)"


def test_changed_rules_are_reported() -> None:
    """How many there are now; one is one rule."""
    assert reloaded_line("routes.py", 15) == "routes.py changed: 15 rules now"
    assert reloaded_line("routes.py", 1) == "routes.py changed: 1 rule now"


def test_wrong_rules_are_reported_with_their_diagnostics() -> None:
    """In the form of every other command."""
    found = Diagnostic(
        "duration", '"1hr" is not a duration', Source("routes.py", 3), hint='did you mean "1h"?'
    )
    assert reload_failed_text("routes.py", [found]) == (
        "routes.py is wrong; the old rules stay\n"
        'routes.py:3: error: "1hr" is not a duration [duration]\n'
        '  did you mean "1h"?'
    )


def test_the_counters_leave_out_what_never_happened() -> None:
    """A table of what did, with the bytes and what was saved."""
    request_log = RequestLog()
    for _ in range(1234):
        request_log.note(exchange(cache="hit", prefetch="hit", size=1024))
    request_log.note(exchange(cache="refused", prefetch="refused", status=412, size=0))
    assert counters_text(request_log.counters).split("\n") == [
        "requests             1,235  1.2 MiB from the cache, 0 B from origins",
        "hit                  1,234  served from the cache",
        "refused                  1  prefetches of uncached URLs; no origin request",
        "prefetches           1,235  1,234 from the cache",
        "origin requests          0  1,235 saved",
    ]


def test_a_longer_method_moves_no_column() -> None:
    """So that statuses stand under each other."""
    whole = exchange("/pages/2")
    lines = [
        request_line(whole._replace(request=whole.request._replace(method=method)))
        for method in ("GET", "OPTIONS", "DELETE")
    ]
    assert len({line.index("200") for line in lines}) == 1
