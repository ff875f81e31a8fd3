"""What is sent to a live edge, over a socket, and what becomes of edges that misbehave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edge.waiting import PATIENCE
from prefetchrouter.errors import LiveEdgeError
from prefetchrouter.http.message import Request
from prefetchrouter.live_check import LiveClient, LiveResponse, LiveSite, live_client
from prefetchrouter.rules.rule_set import RuleSet

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-A: 1\r\nX-A: 2\r\n\r\npage"


@contextmanager
def raw_edge(*answers: bytes) -> Iterator[tuple[LiveSite, list[bytes]]]:
    """Run an edge that gives these answers, one on each connection, the last one again and again."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(PATIENCE)
    heads: list[bytes] = []
    ending = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                if ending.is_set():
                    return
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    head += piece
                heads.append(head)
                connection.sendall(answers[min(len(heads), len(answers)) - 1])

    thread = threading.Thread(target=serve)
    thread.start()
    port = listening.getsockname()[1]
    try:
        yield LiveSite.of(f"http://127.0.0.1:{port}", RuleSet(rules=())), heads
    finally:
        ending.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join(PATIENCE)
        listening.close()


def sent(site: LiveSite, *requests: Request, **how: object) -> list[LiveResponse | str]:
    client = LiveClient(site, sleep=how.pop("sleep", lambda seconds: None), **how)  # type: ignore[arg-type]
    return [client.send(request) for request in requests]


def test_a_request_is_sent_as_it_is() -> None:
    request = Request("/a%20b?c=%2F&d", headers={"x-tier": "gold"}, cookies={"who": "ann"})
    with raw_edge(OK) as (site, heads):
        (response,) = sent(site, request)
    assert isinstance(response, LiveResponse)
    assert (response.status, response.body, response.headers.all("x-a")) == (200, b"page", ("1", "2"))
    lines = heads[0].decode().split("\r\n")
    assert lines[0] == "GET /a%20b?c=%2F&d HTTP/1.1"
    assert f"host: {site.address}" in lines
    assert {"x-tier: gold", "cookie: who=ann", "connection: close"} <= set(lines)
    assert any(line.startswith("user-agent: prefetchrouter-deploy-check/") for line in lines)
    assert not any(line.startswith("accept-encoding") for line in lines)


def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    redirect = b"HTTP/1.1 301 M\r\nLocation: /b\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"
    with raw_edge(redirect) as (site, heads):
        responses = sent(site, Request("/a"), Request("/c"))
    assert [response.status for response in responses if isinstance(response, LiveResponse)] == [301, 301]
    assert len(heads) == 2
    assert b"cookie" not in heads[1].lower()


def test_a_long_body_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_client, "MOST_BODY", 10)
    with raw_edge(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100) as (site, _):
        (response,) = sent(site, Request("/"))
    assert isinstance(response, LiveResponse)
    assert (response.body, response.is_cut) == (b"x" * 10, True)


def test_requests_have_a_pause_between_them() -> None:
    pauses: list[float] = []
    with raw_edge(OK) as (site, _):
        sent(site, *[Request("/")] * 3, pause=0.25, sleep=pauses.append)
    assert pauses == [0.25, 0.25]


def test_an_edge_that_limits_requests_is_left_alone() -> None:
    with raw_edge(OK, b"HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n") as (site, heads):
        with pytest.raises(LiveEdgeError, match="limits requests: it sent 429 to number 2"):
            sent(site, *[Request("/")] * 5)
        assert len(heads) == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "closed the connection without a response"),
        (b"SSH-2.0-OpenSSH\r\n", "invalid HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", ""),
    ],
)
def test_one_broken_response_is_a_finding_and_three_are_not_an_edge(answer: bytes, why: str) -> None:
    with raw_edge(OK, answer, OK, answer) as (site, heads):
        responses = sent(site, *[Request("/")] * 5)
        assert isinstance(responses[0], LiveResponse)
        if why:
            assert isinstance(responses[1], str)
            assert why in responses[1]
            with pytest.raises(LiveEdgeError, match="does not answer"):
                sent(site, *[Request("/")] * 3)
    assert len(heads) > 4


def test_an_edge_that_is_not_there_is_an_error_at_the_first_request() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        site = LiveSite.of(f"http://127.0.0.1:{one.getsockname()[1]}", RuleSet(rules=()))
    with pytest.raises(LiveEdgeError, match="does not answer: Connection refused"):
        sent(site, Request("/"))


def test_a_silent_edge_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_client, "_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = LiveSite.of(f"http://127.0.0.1:{listening.getsockname()[1]}", RuleSet(rules=()))
        with pytest.raises(LiveEdgeError, match=r"nothing came within 0\.05 s"):
            sent(site, Request("/"))
