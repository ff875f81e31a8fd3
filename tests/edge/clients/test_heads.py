"""Heads that are not read further."""

from __future__ import annotations

import pytest

from prefetchrouter.edge.clients.heads import MOST_HEADERS, unsound_head

LENGTH, CODING = b"content-length", b"transfer-encoding"


@pytest.mark.parametrize("target", [b"", b"*", b"a:80", b"http://a/", b"/a#b", b"/?a#"])
def test_a_target_is_a_path(target: bytes) -> None:
    """Nothing else has a meaning here."""
    assert unsound_head(b"GET", target, [], most=0, upgrade=False) == (400, "the target is not a path")
    assert unsound_head(b"GET", b"/a?b", [], most=0, upgrade=False) is None


def test_a_tunnel_is_not_dug() -> None:
    """Whatever it leads to."""
    assert unsound_head(b"CONNECT", b"a:80", [], most=0, upgrade=False) == (501, "CONNECT is not done here")


@pytest.mark.parametrize("most, taken", [(0, True), (33, True), (32, False)])
def test_a_head_counts_as_it_is_on_the_wire(most: int, taken: bool) -> None:
    """Line ends and all, but for the blanks around values."""
    raw = b"GET /abc HTTP/1.1\r\nhost: abcd\r\n\r\n"
    assert len(raw) == 33
    assert (unsound_head(b"GET", b"/abc", [(b"host", b"abcd")], most=most, upgrade=False) is None) is taken


def test_many_headers_are_refused_however_short() -> None:
    """A head of 64 KiB has room for 13,000, which would take megabytes in the list of requests."""
    headers = [(b"a", b"b")] * MOST_HEADERS
    assert unsound_head(b"GET", b"/", headers, most=0, upgrade=False) is None
    refused = unsound_head(b"GET", b"/", [*headers, (b"a", b"b")], most=0, upgrade=False)
    assert refused == (431, "there are over 256 headers")


@pytest.mark.parametrize(
    "headers, taken",
    [([], True), ([(LENGTH, b"0")], True), ([(LENGTH, b"1")], False), ([(CODING, b"a")], False)],
)
def test_an_upgrade_has_no_body(headers: list[tuple[bytes, bytes]], taken: bool) -> None:
    """What follows it could be read as the body or as the other protocol."""
    assert (unsound_head(b"GET", b"/", headers, most=0, upgrade=True) is None) is taken
    assert unsound_head(b"GET", b"/", headers, most=0, upgrade=False) is None
