"""DuckDB and plain Python read the same: the same views, the same reasons, whatever the lines are."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navigation.log_samples import combined, request, shop_visits
from prefetchrouter.navigation.counts import count_visits
from prefetchrouter.navigation.fast_lines import FastFile
from prefetchrouter.navigation.reading import Engine, read_traffic
from prefetchrouter.navigation.traffic import Traffic
from prefetchrouter.navigation.visits import visits_of

AT = "[17/May/2015:10:05:03 +0000]"
PIECES = [
    "192.0.2.1", "::1", "shop.example:80", " - - ", " - ", " ", AT, "[31/Apr/2015:10:05:03 +0000]",
    "[29/Feb/2016:23:59:60 -0730]", '"GET /a HTTP/1.1"', '"GET /a/b.css?v=1 HTTP/2.0"',
    '"POST /a HTTP/1.1"', '"GET /a?edgio_dt_pf=1&b HTTP/1.1"', '"GET /a?b?edgio_prefetch=1 HTTP/1.1"',
    '"GET /a?c&edgio_prefetch HTTP/1.1"', '"GET /robots.txt HTTP/1.1"', '"GET //a//b;c=1.css HTTP/1.1"',
    '"GET /a;x.css HTTP/1.1"', '"GET /a?x.css HTTP/1.1"', '"GET /a#edgio_dt_pf=1 HTTP/1.1"', '"-"',
    '"GET http://shop.example/a?b=1 HTTP/1.1"', '"GET http://a.sh/cgi-bin/imagemap/b HTTP/1.1"',
    '"GET http://a.sh HTTP/1.1"', '"GET https://a.css;/b.css HTTP/1.1"', '"GET HTTP://A/b HTTP/1.1"',
    '"GET http://a/b?edgio_dt_pf=1 HTTP/1.1"', '"GET /a?/cgi-bin/imagemap HTTP/1.1"',
    '"GET /cgi-bin/imagemap/a HTTP/1.1"', ' "192.0.2.9:77"', ' "[::1]:8"', "192.0.2.1:8", "[::1]:77",
    ' "prefetchrouter;hit"', ' "prerender"', ' "Prefetch;prerender"',
    '"GET /ü HTTP/1.1"', " 200 12", " 304 -", " 404 1", " 200", " 2000 1", ' "-" "-"',
    ' "https://shop.example/" "Firefox"', ' "https://www.shop.example/c" "GoogleBot/2.1"', ' "Firefox',
    ' "-" "a \\"b\\" c"', ' "prefetch"', ' "-"', ' "203.0.113.9, 10.0.0.1"', ' hit "routes.py:3"', "\\",
    "\x00", "\x01", "\r", "\n", "\n\n", "\t", '"', "'",
]  # fmt: skip


def same(path: Path) -> Traffic:
    """Read with both, compare, and return what was read."""
    found: list[Traffic] = []
    for engine in ("python", "duckdb"):
        traffic = read_traffic([path], engine=engine)
        counts = count_visits(visits_of(traffic), visitors=traffic.visitors, hashes=3)
        found.append(traffic)
        rows = (counts.pages, counts.steps, counts.pairs)
        if engine == "python":
            expected = rows
        else:
            assert rows == expected
    plain, fast = found
    assert plain.dropped == fast.dropped
    assert plain.examples == fast.examples
    assert plain.files == fast.files
    assert plain.hosts == fast.hosts
    assert {plain.visitors[number] for number in plain.robot_visitors} == {
        fast.visitors[number] for number in fast.robot_visitors
    }
    return fast


def lines() -> list[str]:
    """Lines of a shop, with robots, assets, prefetches, a proxy and some that are odd."""
    made = [combined(line) for line in shop_visits(300)]
    for number, line in enumerate(shop_visits(60, 300)):
        made.append(
            combined(line._replace(agent="Googlebot", url="/robots.txt" if number == 7 else line.url))
        )
        made.append(combined(line._replace(url="/a.css", referer="https://shop.example/")))
        made.append(combined(line._replace(purpose="Prefetch")))
        made.append(combined(line._replace(purpose="203.0.113.7, 192.0.2.1")))
        made.append(combined(line._replace(agent="Müller")))
    return [*made, "no line", combined(request(1, 0, "/")) + ' extra "a" "b" "c" "d"']


def test_a_log_of_a_shop(tmp_path: Path) -> None:
    path = tmp_path / "access [1] *.log"
    path.write_text("\n".join(lines()))
    traffic = same(path)
    assert traffic.files[0].unreadable == 1
    assert traffic.dropped["prefetch"] == traffic.dropped["asset"] > 100


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_compressed_and_with_other_line_ends(ends: str, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_bytes(gzip.compress(ends.join([*lines(), ""]).encode()))
    same(path)


@pytest.mark.parametrize("odd", [b"M\xfcller", b"\xed\xa0\x80", "\u00fc\U0001f600".encode(), b"\xff\xfe\x00"])
def test_bytes_of_any_encoding(odd: bytes, tmp_path: Path) -> None:
    """UTF-8 is tried first; a line of another encoding ends neither reader."""
    path = tmp_path / "access.log"
    line = combined(request(1, 0, "/", agent="AGENT")).encode().replace(b"AGENT", odd)
    path.write_bytes("\n".join([*lines(), ""]).encode() + line + b"\n")
    same(path)


def test_the_file_is_read_with_duckdb_in_the_memory_that_it_has(tmp_path: Path) -> None:
    """Where DuckDB fails, plain Python reads instead, which no other test notices."""
    path = tmp_path / "access.log"
    path.write_text("\n".join(lines() * 40))
    with FastFile(path) as fast:
        assert fast.lines == len(lines()) * 40
        assert sum(map(len, fast.views())) > 20_000


def test_lines_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    mixed = lines()
    random.Random(7).shuffle(mixed)
    path.write_text("\n".join(mixed))
    same(path)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=12))
def test_whatever_the_lines_are(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("log") / "access.log"
    first = combined(request(1, 0, "/"))  # which says that the format is known
    good = [f"192.0.2.{number} - - {AT} {text}" for number, text in enumerate(texts)]
    path.write_bytes("\n".join([first, *good, *texts]).encode())
    same(path)


def test_an_unknown_engine_is_not_needed_for_other_formats(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text('{"ip": "192.0.2.1", "time": 1810000000, "url": "/"}\n')
    engine: Engine = "duckdb"
    assert len(read_traffic([path], engine=engine).views) == 1
