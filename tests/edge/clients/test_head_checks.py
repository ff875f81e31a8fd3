"""Heads that are not read further."""

from __future__ import annotations

import pytest

from prefetchrouter.edge.clients.head_checks import MOST_HEADERS, head_error

LENGTH, CODING = b"content-length", b"transfer-encoding"


@pytest.mark.parametrize("target", [b"", b"*", b"a:80", b"http://a/", b"/a#b", b"/?a#"])
def test_a_target_is_a_path(target: bytes) -> None:
    """Nothing else has a meaning here."""
    assert head_error(b"GET", target, [], most=0, upgrade=False) == (400, "the target is not a path")
    assert head_error(b"GET", b"/a?b", [], most=0, upgrade=False) is None


def test_a_tunnel_is_not_dug() -> None:
    """Whatever it leads to."""
    assert head_error(b"CONNECT", b"a:80", [], most=0, upgrade=False) == (501, "CONNECT is not supported")


@pytest.mark.parametrize("most, taken", [(0, True), (33, True), (32, False)])
def test_a_head_counts_as_it_is_on_the_wire(most: int, taken: bool) -> None:
    """Line ends and all, except for the blanks around values."""
    raw = b"GET /abc HTTP/1.1\r\nhost: abcd\r\n\r\n"
    assert len(raw) == 33
    assert (head_error(b"GET", b"/abc", [(b"host", b"abcd")], most=most, upgrade=False) is None) is taken


def test_many_headers_are_refused_however_short() -> None:
    """A head of 64 KiB has room for 13,000, which would take megabytes in the list of requests."""
    headers = [(b"a", b"b")] * MOST_HEADERS
    assert head_error(b"GET", b"/", headers, most=0, upgrade=False) is None
    refused = head_error(b"GET", b"/", [*headers, (b"a", b"b")], most=0, upgrade=False)
    assert refused == (431, "more than 256 header fields")


@pytest.mark.parametrize(
    "headers, taken",
    [([], True), ([(LENGTH, b"0")], True), ([(LENGTH, b"1")], False), ([(CODING, b"a")], False)],
)
def test_an_upgrade_has_no_body(headers: list[tuple[bytes, bytes]], taken: bool) -> None:
    """What follows it could be read as the body or as the other protocol."""
    assert (head_error(b"GET", b"/", headers, most=0, upgrade=True) is None) is taken
    assert head_error(b"GET", b"/", headers, most=0, upgrade=False) is None
