"""The slow link: everything passes, is counted, and no connection outlives it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from http_servers import QuietHandler, serving
from prefetchrouter.lab.link import Seen, SlowLink, _Counter

BODY = bytes(range(256)) * 400


class Handler(QuietHandler):
    def do_GET(self) -> None:
        found = "edge; fwd=miss" if "miss" in self.path else "edge; hit"
        self.reply(BODY, headers={"Cache-Status": found})


@pytest.fixture
def port() -> Iterator[int]:
    with serving(Handler) as url:
        yield urlsplit(url).port or 0


def through(link: SlowLink, port: int, host: bytes = b"\x03\x09localhost") -> socket.socket:
    """Return a connection as a browser makes it."""
    near = socket.create_connection(("127.0.0.1", link.port), timeout=30)
    near.sendall(b"\x05\x01\x00")
    assert near.recv(2) == b"\x05\x00"
    near.sendall(b"\x05\x01\x00" + host + port.to_bytes(2))
    return near


def got(near: socket.socket, path: str) -> bytes:
    near.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    data = b""
    while not data.endswith(BODY):
        piece = near.recv(65536)
        assert piece
        data += piece
    return data


@pytest.mark.parametrize("host", [b"\x03\x09localhost", b"\x01\x7f\x00\x00\x01"])
def test_bytes_pass_unchanged_and_are_counted(port: int, host: bytes) -> None:
    """By name and by address; requests and forwarded ones are read from what passes."""
    with SlowLink(1e8, 0.01) as link:
        with through(link, port, host) as near:
            assert near.recv(10)[:2] == b"\x05\x00"
            data = got(near, "/hit") + got(near, "/miss")
        seen = link.seen
    assert data.count(BODY) == 2
    assert seen == Seen(bytes=len(data), requests=2, forwarded=1, encrypted=0)


def test_an_encrypted_connection_is_known_as_one(port: int) -> None:
    """What it carries is not counted as no requests."""
    with SlowLink(1e8, 0) as link:
        with through(link, port) as near:
            near.recv(10)
            near.sendall(b"\x16\x03\x01\x00\x05hello\r\n\r\n")
            near.recv(65536)
        assert (link.seen.encrypted, link.seen.requests) == (1, 0)
        link.forget()
        assert link.seen == Seen()


def test_where_nothing_listens_the_connection_ends() -> None:
    """As a browser sees a site that is down."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        free = closed.getsockname()[1]
    with SlowLink(1e8, 0) as link, through(link, free) as near:
        assert near.recv(10) == b""


@pytest.mark.parametrize(
    "words", [b"GET / HTTP/1.1\r\n\r\n", b"\x05\x01\x00\x05\x02\x00\x01" + b"\0" * 6, b"\x05", b""]
)
def test_other_protocols_end(words: bytes) -> None:
    """Whatever connects to it."""
    with SlowLink(1e8, 0) as link, socket.create_connection(("127.0.0.1", link.port), timeout=30) as near:
        near.sendall(words)
        near.shutdown(socket.SHUT_WR)
        while near.recv(100):
            pass


def test_matches_are_counted_once_however_a_stream_is_cut() -> None:
    """A header may come in two pieces."""
    text = b"\r\ncache-status: edge; fwd=miss\r\n" * 20
    for size in (1, 2, 7, 31, 1000):
        counter = _Counter(re.compile(rb"cache-status:[^\r\n]{0,200}?;\s*fwd="))
        assert sum(counter.count(text[at : at + size]) for at in range(0, len(text), size)) == 20
