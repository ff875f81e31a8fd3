"""One app: own files, own pages, the site; and other rules while it is open."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Origin, Property, Router, RuleSet
from prefetchrouter.authoring.loader import Routes
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
from prefetchrouter.edge.running.app import App
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.preparing import origins_of
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.http.message import HeaderFields

HOST = "www.shop.example"


def rules(path: str = "/pages/:id", origin: str = "web", host: str = HOST) -> RuleSet:
    router = (
        Router()
        .always(origin={"set_origin": origin})
        .always(headers={"set_response_headers": {"strict-transport-security": "max-age=60"}})
        .match(path, caching={"max_age": "1h"})
    )
    return RuleSet(rules=router.rules, property=Property(origins=[Origin(name=origin)], hostnames=[host]))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1").write_text("one")
    return tmp_path


class Opened:
    """A app, and what was printed."""

    def __init__(self, settings: ServeSettings) -> None:
        self.printed = io.StringIO()
        self.request_log = RequestLog()
        reporter = ConsoleReporter(settings, self.printed)
        self.app = App(
            rules(), origins_of(rules(), settings, self.request_log), settings, self.request_log, reporter
        )
        self.close = reporter.close

    async def get(
        self,
        path: str,
        host: str = HOST,
        method: str = "GET",
        body: bytes | None = None,
        *,
        asked: str = HOST,
        version: str = "1.1",
        **headers: str,
    ) -> tuple[EdgeResponse, RequestTrace]:
        fields = HeaderFields({"host": host, **{n.replace("_", "-"): text for n, text in headers.items()}})

        async def pieces(given: bytes) -> Any:
            yield given

        request = EdgeRequest(
            method, "https", host, path, headers=fields, body=pieces(body) if body is not None else None,
            version=version, host_header=asked,
        )  # fmt: skip
        response, trace = await self.app.handle(request)
        if not isinstance(response.body, bytes):
            body_coming = response.body
            whole = b"".join([piece async for piece in body_coming])
            await body_coming.aclose()  # type: ignore[attr-defined]
            response = EdgeResponse(response.status, response.headers, whole)
        return response, trace


def opened(site: Path, run_scenario: Callable[[Opened], Awaitable[None]], **settings: Any) -> str:
    """Do something to an open app; return what was printed."""

    async def run() -> str:
        found = Opened(ServeSettings(origins={"": str(site)}, **settings))
        await run_scenario(found)
        await found.app.close()
        found.close()
        return found.printed.getvalue()

    return asyncio.run(run())


def test_own_files_and_pages_go_before_the_site(site: Path) -> None:
    """Whatever the rules say; the rest is the site's."""

    async def run_scenario(app: Opened) -> None:
        for path in ("/__edgio__/cache-manifest.js", "/__edgio__/prefetch/install.js"):
            response, trace = await app.get(path)
            assert (response.status, trace.cache) == (200, "internal")
        response, trace = await app.get("/pages/1")
        assert (response.status, response.body, trace.cache) == (200, b"one", "miss")
        _, trace = await app.get("/__edgio__/other")
        assert trace.cache != "internal"

    opened(site, run_scenario)


PAGES = (
    "",
    "/",
    "/requests",
    "/requests.json",
    "/requests/1",
    "/cache",
    "/cache.json",
    "/origin",
    "/origin.json",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("host", [HOST, "evil.example", "localhost.evil.example", "127.0.0.1.nip.example"])
@pytest.mark.parametrize("is_on", [False, True])
def test_the_port_of_the_site_shows_no_page(site: Path, path: str, host: str, is_on: bool) -> None:
    """Whoever asks for them by a name of the site, or by any other, is reported nothing."""

    async def run_scenario(app: Opened) -> None:
        if is_on:
            app.app.pages_address = "http://localhost:8081"
        for method in ("GET", "POST"):
            response, trace = await app.get(f"/__edgio__{path}", host, method, asked=host)
            assert (response.status, response.body, trace.cache) == (404, b"Not found\n", "internal")

    opened(site, run_scenario)


def test_this_machine_sees_where_the_pages_are(site: Path) -> None:
    """Not a proxy that says that it is one, or that speaks HTTP/1.0."""

    async def run_scenario(app: Opened) -> None:
        path = "/__edgio__/requests"
        response, _ = await app.get(path, asked="localhost:8080")
        assert (response.status, b"--pages" in bytes(response.body)) == (404, True)  # type: ignore[arg-type]
        app.app.pages_address = "http://localhost:8081"
        response, _ = await app.get(path, asked="localhost:8080")
        assert (response.status, response.headers["location"]) == (302, f"http://localhost:8081{path}")
        for name in ("x_forwarded_for", "via", "true_client_ip", "x_scheme", "forwarded"):
            proxied: dict[str, Any] = {name: "192.0.2.1"}
            assert (await app.get(path, asked="localhost:8080", **proxied))[0].status == 404
        assert (await app.get(path, asked="localhost:8080", version="1.0"))[0].status == 404

    opened(site, run_scenario)


def test_a_browser_is_not_told_to_keep_to_https_on_this_machine(site: Path) -> None:
    """By its own name it may; over HTTP a browser ignores the header, so that it stays."""

    async def over_https(app: Opened) -> None:
        for host, is_told in ((HOST, False), ("localhost:8080", False), ("other.example", True)):
            response, _ = await app.get("/pages/1", host)
            assert ("strict-transport-security" in response.headers) == is_told

    async def over_http(app: Opened) -> None:
        response, _ = await app.get("/pages/1")
        assert "strict-transport-security" in response.headers

    opened(site, over_https, https=True)
    opened(site, over_http)


def test_other_rules_bring_their_manifest_their_host_and_their_origins(site: Path) -> None:
    """And an empty cache."""

    async def run_scenario(app: Opened) -> None:
        await app.get("/pages/1")
        assert (await app.get("/pages/1"))[1].cache == "hit"
        other = rules("/blog/:id", "other", "new.example")
        await app.app.changed(Routes(Path("routes.py"), other, ()))
        assert app.app.rules == other
        assert (await app.get("/pages/1"))[1].cache == "pass"

    assert opened(site, run_scenario) == "routes.py changed: 3 rules now\n"


def test_rules_as_before_keep_the_copies(site: Path) -> None:
    """A slip that was undone costs nothing."""

    async def run_scenario(app: Opened) -> None:
        await app.get("/pages/1")
        await app.app.changed(Routes(Path("routes.py"), app.app.rules, ()))
        assert (await app.get("/pages/1"))[1].cache == "hit"

    assert opened(site, run_scenario) == "routes.py is valid again, and unchanged\n"


def test_rules_that_cannot_be_served_change_nothing(site: Path) -> None:
    """They are reported, and the copies stay."""
    wrong = RuleSet(rules=Router().match("/a", response={"optimize_images": True}).rules)

    async def run_scenario(app: Opened) -> None:
        await app.get("/pages/1")
        await app.app.changed(Routes(Path("routes.py"), wrong, ()))
        assert app.app.rules == rules()
        assert (await app.get("/pages/1"))[1].cache == "hit"

    printed = opened(site, run_scenario)
    assert printed.startswith("routes.py is wrong; the old rules stay\n")
    assert "[edge-feature]" in printed
