"""Who gets the script tag and pages in advance: browsers on this machine, by one of its names."""

from __future__ import annotations

import asyncio

import pytest

from prefetchrouter.edge.preview.preview import Preview
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.http.message import HeaderFields

PATH = "/__edgio__/prefetch/ca978112ca/install.js"
HERE = EdgeRequest("GET", "https", "www.shop.example", "/", host_header="localhost:8080")


def handled(request: EdgeRequest, *, injects: bool = True, csp: str = "") -> tuple[bytes, list[str]]:
    """Return the page that a request gets, and what was reported."""
    told: list[str] = []

    async def handle(request: EdgeRequest) -> tuple[EdgeResponse, RequestTrace]:
        headers = {"content-type": "text/html", **({"content-security-policy": csp} if csp else {})}
        return EdgeResponse(200, HeaderFields(headers), b"<!doctype html>"), RequestTrace()

    async def run() -> bytes:
        preview = Preview(
            handle, install_path=(lambda: PATH) if injects else None, warms=False, on_skipped=told.append
        )
        for _ in range(2):
            response, _ = await preview.handle(request)
        assert isinstance(response.body, bytes)
        return response.body

    return asyncio.run(run()), told


def test_a_browser_on_this_machine_gets_the_tag() -> None:
    assert b"<script" in handled(HERE)[0]
    assert b"<script" not in handled(HERE, injects=False)[0]


@pytest.mark.parametrize(
    "request_",
    [
        HERE._replace(client="192.0.2.7"),
        HERE._replace(host_header="www.shop.example"),
        HERE._replace(headers=HeaderFields({"x-forwarded-for": "192.0.2.7"})),
        HERE._replace(headers=HeaderFields({"via": "1.1 nginx"})),
        HERE._replace(version="1.0"),
    ],
)
def test_no_one_else_gets_it(request_: EdgeRequest) -> None:
    """Production may stand behind a proxy on the same machine."""
    assert handled(request_)[0] == b"<!doctype html>"


def test_a_reason_is_reported_once() -> None:
    page, told = handled(HERE, csp="default-src 'none'")
    assert page == b"<!doctype html>"
    assert len(told) == 1
