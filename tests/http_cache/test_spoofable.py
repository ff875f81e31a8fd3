"""The page of spoofable headers lists what the edge removes."""

from __future__ import annotations

import re
from pathlib import Path

from prefetchrouter.http_cache.spoofable import HEADER_GROUPS, is_spoofable

PAGE = Path(__file__).parents[2] / "docs" / "edge-headers.md"


def test_the_page_lists_every_header_with_its_readers() -> None:
    rows = re.findall(r"^\| ([^|`]+) \| (`[^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    listed = [(about, tuple(re.findall(r"`([^`]+)`", names)), readers) for about, names, readers in rows]
    assert listed == [(kind.about, kind.names, kind.readers) for kind in HEADER_GROUPS]


def test_what_browsers_and_applications_send_passes() -> None:
    for name in (
        "accept", "accept-encoding", "accept-language", "authorization", "cache-control", "content-encoding",
        "content-type", "cookie", "host", "if-none-match", "origin", "priority", "range", "referer",
        "rsc", "next-router-state-tree", "sec-ch-ua", "sec-fetch-mode", "sec-gpc", "sec-purpose",
        "soapaction", "traceparent", "upgrade-insecure-requests", "user-agent", "x-api-key", "x-csrf-token",
        "x-inertia", "x-request-id", "x-requested-with", "x-ec-debug", "hx-request", "via", "cdn-loop",
    ):  # fmt: skip
        assert not is_spoofable(name), name
