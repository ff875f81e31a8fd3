"""Which headers pass a cache."""

from __future__ import annotations

import pytest

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers

HOP_BY_HOP = [
    "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization",
    "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
]  # fmt: skip


@pytest.mark.parametrize("name", HOP_BY_HOP)
def test_hop_by_hop_headers_do_not_pass(name: str) -> None:
    headers = HeaderFields({name: "x", "x-kept": "1"})
    assert end_to_end_headers(headers).fields() == (("x-kept", "1"),)


def test_what_connection_names_goes_no_further() -> None:
    headers = HeaderFields({"Connection": ["close, X-A", "x-b,,"], "x-a": "1", "x-b": "2", "x-c": "3"})
    assert end_to_end_headers(headers).fields() == (("x-c", "3"),)


@pytest.mark.parametrize("name", ["Cache-Control", "Vary", "Set-Cookie", "Host", "Authorization", "Cookie"])
def test_connection_cannot_take_away_what_decides_who_may_get_an_answer(name: str) -> None:
    headers = HeaderFields({"Connection": name, name: "x"})
    assert end_to_end_headers(headers).fields() == ((name.lower(), "x"),)


def test_headers_without_anything_to_drop_are_not_copied() -> None:
    headers = HeaderFields({"etag": '"a"'})
    assert end_to_end_headers(headers) is headers
