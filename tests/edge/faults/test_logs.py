"""What is printed for programs and what is written to the access log is complete, whatever happens."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.program import ROUTES, Program, running_origin
from edge.serving import Client

REQUESTS = 6000
CONNECTIONS = 12
COMBINED = re.compile(
    r"(?P<host>\S+) (?P<ident>\S+) (?P<user>\S+) "
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    r'"(?P<request>[^"]*)" (?P<status>\d{3}) (?P<size>\d+|-) "(?P<referer>[^"]*)" "(?P<agent>[^"]*)"'
    r' "(?P<purpose>[^"]*)" (?P<cache>[a-z-]+) "(?P<rules>[^"]*)"'
)
"""The combined format as log readers know it, with the fields that stand behind it."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    return tmp_path


@pytest.fixture
def origin(folder: Path) -> Iterator[str]:
    with running_origin() as address:
        yield address


def load(port: int, count: int = REQUESTS, *headers: str) -> None:
    """Ask for uncached prefetches as fast as it goes, over several connections; each is answered."""
    lines = "\r\n".join(["GET /pages/none?edgio_prefetch=1 HTTP/1.1", "Host: localhost", *headers, "", ""])

    async def one(share: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        client = Client(reader, writer)
        for start in range(0, share, 20):
            writer.write(lines.encode() * min(20, share - start))
            for _ in range(min(20, share - start)):
                assert (await client.answer()).status == 412
        await client.close()

    async def main() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CONNECTIONS):
                tasks.create_task(one(count // CONNECTIONS))

    asyncio.run(main())


def requests_of(program: Program) -> list[Any]:
    return [event for event in program.events if "event" not in event]


def test_every_request_under_load_is_a_line_of_json_and_a_line_of_the_log(origin: str) -> None:
    """On the standard output, and in the file; with changed rules, wrong ones and the summary among them."""
    with Program("--origin", origin, "--access-log", "access.log") as program:
        load(program.port)
        Path("routes.py").write_text(f"{ROUTES}router.match('/x', caching={{'max_age': '1hr'}})\n")
        program.event("wrong")
        load(program.port)
        Path("routes.py").write_text(f"{ROUTES}router = router.match('/x', caching={{'max_age': '1h'}})\n")
        program.event("changed")
        load(program.port)
        program.send(signal.SIGTERM)
        assert program.ended() == 0
        events = program.events  # each line is parsed
        assert len(requests_of(program)) == 3 * REQUESTS
        assert events[-1]["event"] == "ended"
        assert events[-1]["counters"]["requests"] == 3 * REQUESTS
    lines = Path("access.log").read_text().splitlines()
    assert len(lines) == 3 * REQUESTS
    rows = [match.groupdict() for match in map(COMBINED.fullmatch, lines) if match]
    assert len(rows) == len(lines)
    assert {len(row["request"].split(" ")) for row in rows} == {3}


def test_a_reader_that_is_slow_makes_the_edge_slow_and_loses_nothing(origin: str) -> None:
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as pipe, Program("--origin", origin, stdout=writing) as program:
        os.close(writing)
        head = b""
        while b"\n" not in head:
            head += pipe.read(65536)
        port = json.loads(head.partition(b"\n")[0])["port"]
        load(port, 3000)
        program.send(signal.SIGTERM)
        text = head
        while piece := pipe.read(4096):
            text += piece
        assert program.ended() == 0
    lines = [json.loads(line) for line in text.splitlines()]
    assert sum("event" not in line for line in lines) == 3000


def test_a_reader_that_leaves_does_not_end_the_edge(origin: str) -> None:
    """It says once that no one reads what it prints, goes on serving, and writes its log."""
    reading, writing = os.pipe()
    with Program("--origin", origin, "--access-log", "access.log", stdout=writing) as program:
        os.close(writing)
        head = b""
        while b"\n" not in head:
            head += os.read(reading, 65536)
        os.close(reading)
        port = json.loads(head.partition(b"\n")[0])["port"]
        load(port, 1200)
        program.until(lambda: "standard output cannot be written: Broken pipe" in "".join(program.complaints))
        load(port, 1200)
        program.send(signal.SIGTERM)
        assert program.ended() == 0
        assert "".join(program.complaints).count("Broken pipe") == 1
    assert len(Path("access.log").read_text().splitlines()) == 2400


def test_a_line_of_the_log_has_the_client_the_request_and_what_the_cache_and_the_rules_did(
    origin: str,
) -> None:
    with Program("--origin", origin, "--access-log", "access.log") as program:
        program.get("/pages/1?a=1&token=c0ffee", referer="https://a.example/?sig=1", user_agent='x "y"\\')
        program.get("/pages/1", sec_purpose="prefetch;prerender")
        program.get("/pages/1", user_agent="\u00e9".encode().decode("latin-1"))
        program.get("/", host="evil.example")
        program.send(signal.SIGTERM)
        assert program.ended() == 0
    found = [COMBINED.fullmatch(line) for line in Path("access.log").read_text().splitlines()]
    rows = [match.groupdict() for match in found if match]
    assert len(rows) == 4
    assert rows[0]["request"] == "GET /pages/1?a=1&token=(6_characters) HTTP/1.1"
    assert rows[0]["referer"] == "https://a.example/?sig=(1 character)"
    assert rows[0]["agent"] == r"x \x22y\x22\x5C"
    assert (rows[0]["status"], rows[0]["cache"], rows[0]["purpose"]) == ("200", "miss", "-")
    assert rows[0]["rules"] == "routes.py:6"
    assert rows[1]["purpose"] == "prefetch;prerender"
    assert rows[2]["agent"] == r"\xC3\x83\xC2\xA9"
    assert (rows[3]["status"], rows[3]["cache"]) == ("421", "error")


@pytest.mark.parametrize("form", ["combined", "json"])
def test_what_is_refused_before_it_is_a_request_is_a_line_too(origin: str, form: str) -> None:
    """Also what holds control characters, quotes and other bytes than those of text."""

    async def send(port: int, data: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        async with asyncio.timeout(30):
            assert (await reader.read()).startswith(b"HTTP/1.1 4")
        writer.close()

    bad = [
        b"GARBAGE\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        b'GET /"\xff\x1b HTTP/1.1\r\nHost: localhost\r\n\r\n',
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ]
    options = ("--access-log", "access.log", "--access-log-format", form)
    with Program("--origin", origin, *options) as program:
        for data in bad:
            asyncio.run(send(program.port, data))
        program.send(signal.SIGTERM)
        assert program.ended() == 0
        assert len(requests_of(program)) == len(bad)
    lines = Path("access.log").read_text().splitlines()
    assert len(lines) == len(bad)
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        if form == "json":
            assert 400 <= json.loads(line)["status"] < 500
        else:
            assert COMBINED.fullmatch(line)


@pytest.mark.parametrize("how", ["moved", "removed", "signal", "hang up"])
def test_log_rotation_gets_every_line(origin: str, how: str) -> None:
    """The file may be moved or removed at any time, or moved and then a signal sent, as logrotate does."""
    with Program("--origin", origin, "--access-log", "access.log") as program:
        load(program.port, 600)
        program.until(lambda: len(Path("access.log").read_text().splitlines()) == 600)
        if how == "removed":
            Path("access.log").unlink()
        else:
            Path("access.log").rename("access.log.1")
        if how == "signal":
            program.send(signal.SIGUSR1)
        elif how == "hang up":
            program.send(signal.SIGHUP)
            program.event("unchanged")
        load(program.port, 600)
        program.send(signal.SIGTERM)
        assert program.ended() == 0
    moved = Path("access.log.1").read_text().splitlines() if how != "removed" else [""] * 600
    assert len(moved) + len(Path("access.log").read_text().splitlines()) == 1200


def test_a_full_disk_is_reported_once_and_does_not_end_the_edge(origin: str) -> None:
    with Program("--origin", origin, "--access-log", "/dev/full") as program:
        load(program.port, 600)
        told = program.event("trouble")
        assert told["message"] == "the access log /dev/full cannot be written: No space left on device"
        load(program.port, 600)
        program.send(signal.SIGTERM)
        assert program.ended() == 0
        messages = [event["message"] for event in program.events if event.get("event") == "trouble"]
        assert len(messages) == 2
        assert messages[1].endswith("lines of the access log could not be written")
        assert len(requests_of(program)) == 1200


def test_a_log_that_cannot_be_written_is_an_error_at_the_start(origin: str) -> None:
    program = Program("--origin", origin, "--access-log", "missing/access.log", form="text")
    assert program.ended() == 2
    assert "--access-log" in "".join(program.complaints)
    assert "No such file or directory" in "".join(program.complaints)
