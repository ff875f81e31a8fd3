"""Line breaks in what a client sends must not begin a header, wherever rules write it."""

from __future__ import annotations

import pytest

from edge.faults.site import run_scenario, site
from edge.serving import request
from prefetchrouter import Router
from prefetchrouter.rules.typed.options import UrlRedirectDict

MOVED: UrlRedirectDict = {"code": 302, "source": "/old/(.*)", "destination": "/new/$1"}
BREAKS = ["%0d%0aSet-Cookie:%20x=1", "%0D%0A%0D%0A<script>", "%0aX-A:1", "%E5%98%8A%E5%98%8DX-A:1", "%00"]


@pytest.mark.parametrize("text", BREAKS)
def test_line_breaks_in_what_rules_write_from_the_request(text: str) -> None:
    """No header is begun by them: not in a redirect, not in a header for the client or the origin."""

    async def scenario() -> None:
        rules = (
            Router()
            .match("/:path*", caching={"max_age": "1h"})
            .match("/old/:rest*", url={"url_redirect": MOVED})
            .always(
                headers={
                    "set_response_headers": {"x-path": "%{path}", "x-query": "%{arg_q}"},
                    "set_request_headers": {"x-cookie": "%{cookie_c}", "x-q": "%{arg_q}"},
                }
            )
        )
        async with site(rules) as running:
            for target in (f"/old/{text}", f"/old/a?q={text}", f"/a{text}?q={text}"):
                came = await running.raw(request(target, f"Cookie: c={text}", "Connection: close"))
                head = came.partition(b"\r\n\r\n")[0].lower()
                names = {line.partition(b":")[0] for line in head.split(b"\r\n")[1:]}
                assert names <= {
                    b"location", b"x-path", b"x-query", b"content-length", b"content-type", b"date", b"age",
                    b"connection", b"cache-control", b"cache-status",
                }  # fmt: skip
                assert b"\n" not in head.replace(b"\r\n", b"")
                assert b"\x00" not in head
                assert came.count(b"HTTP/1.1") == 1
                status, where = (302, "/new/") if target.startswith("/old") else (200, "")
                if "%0" in target.partition("?")[0] or "%00" in target:
                    status, where = 400, ""
                assert came.startswith(b"HTTP/1.1 %d " % status)
                assert f"location: {where}".encode() in head or not where
            for turn in running.origin.turns:
                sent = {line.partition(b":")[0].lower() for line in turn.head.split(b"\r\n")[1:-2]}
                assert not sent & {b"set-cookie", b"x-a"}

    run_scenario(scenario)
