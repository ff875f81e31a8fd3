"""One door: own files, own pages, the site; and other rules while it is open."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Origin, Property, Router, RuleSet
from prefetchrouter.edge.message import EdgeRequest, EdgeResponse, Story
from prefetchrouter.edge.running.door import Door
from prefetchrouter.edge.running.preparing import origins_of
from prefetchrouter.edge.running.settings import Settings
from prefetchrouter.edge.running.teller import Teller
from prefetchrouter.edge.telling.journal import Journal
from prefetchrouter.http import HeaderFields
from prefetchrouter.loader import Routes

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
    """A door, and what was printed."""

    def __init__(self, settings: Settings) -> None:
        self.printed = io.StringIO()
        self.journal = Journal()
        teller = Teller(settings, self.printed)
        self.door = Door(rules(), origins_of(rules(), settings, self.journal), settings, self.journal, teller)
        self.close = teller.close

    async def get(
        self, path: str, host: str = HOST, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[EdgeResponse, Story]:
        fields = HeaderFields({"host": host, **{n.replace("_", "-"): text for n, text in headers.items()}})

        async def pieces(given: bytes) -> Any:
            yield given

        request = EdgeRequest(
            method, "https", host, path, headers=fields, body=pieces(body) if body is not None else None
        )
        response, story = await self.door.handle(request)
        if not isinstance(response.body, bytes):
            body_coming = response.body
            whole = b"".join([piece async for piece in body_coming])
            await body_coming.aclose()  # type: ignore[attr-defined]
            response = EdgeResponse(response.status, response.headers, whole)
        return response, story


def opened(site: Path, play: Callable[[Opened], Awaitable[None]], **settings: Any) -> str:
    """Do something to an open door; return what was printed."""

    async def run() -> str:
        found = Opened(Settings(origins={"": str(site)}, **settings))
        await play(found)
        await found.door.close()
        found.close()
        return found.printed.getvalue()

    return asyncio.run(run())


def test_own_files_and_pages_go_before_the_site(site: Path) -> None:
    """Whatever the rules say; the rest is the site's."""

    async def play(door: Opened) -> None:
        for path in ("/__edgio__/cache-manifest.js", "/__edgio__/prefetch/install.js", "/__edgio__/requests"):
            response, story = await door.get(path)
            assert (response.status, story.cache) == (200, "own")
        response, story = await door.get("/pages/1")
        assert (response.status, response.body, story.cache) == (200, b"one", "miss")
        _, story = await door.get("/__edgio__/other")
        assert story.cache != "own"

    opened(site, play)


def test_pages_are_shown_to_who_asks_this_machine_only(site: Path) -> None:
    """Rules are told the site's name instead of localhost; any other name is one that only points here."""

    async def play(door: Opened) -> None:
        assert (await door.get("/__edgio__/requests", HOST))[0].status == 200
        assert (await door.get("/__edgio__/requests", "evil.example"))[0].status == 403

    opened(site, play)


def test_the_cache_can_be_emptied_from_its_page(site: Path) -> None:
    """By the form of the page alone."""

    async def play(door: Opened) -> None:
        await door.get("/pages/1")
        page = (await door.get("/__edgio__/cache"))[0].body
        assert isinstance(page, bytes)
        token = re.search(rb'name="token" value="([^"]+)"', page)
        assert token is not None
        form = b"all=yes&token=" + token[1]
        for origin, status, cache in (
            ("http://evil.example", 403, "hit"),
            ("http://localhost:8080", 303, "miss"),
            ("http://[::1]:8080", 303, "miss"),
        ):
            posted, _ = await door.get("/__edgio__/cache", method="POST", body=form, origin=origin)
            assert posted.status == status
            assert (await door.get("/pages/1"))[1].cache == cache

    opened(site, play)


def test_a_browser_is_not_told_to_keep_to_https_on_this_machine(site: Path) -> None:
    """By its own name it may be told; over HTTP a browser does not listen, so the header stays to be seen."""

    async def over_https(door: Opened) -> None:
        for host, is_told in ((HOST, False), ("localhost:8080", False), ("other.example", True)):
            response, _ = await door.get("/pages/1", host)
            assert ("strict-transport-security" in response.headers) == is_told

    async def over_http(door: Opened) -> None:
        response, _ = await door.get("/pages/1")
        assert "strict-transport-security" in response.headers

    opened(site, over_https, https=True)
    opened(site, over_http)


def test_other_rules_bring_their_manifest_their_host_and_their_origins(site: Path) -> None:
    """And an empty cache."""

    async def play(door: Opened) -> None:
        await door.get("/pages/1")
        assert (await door.get("/pages/1"))[1].cache == "hit"
        other = rules("/blog/:id", "other", "new.example")
        await door.door.changed(Routes(Path("routes.py"), other, ()))
        assert door.door.rules == other
        assert (await door.get("/pages/1"))[1].cache == "pass"
        assert (await door.get("/__edgio__/requests", "new.example"))[0].status == 200
        assert (await door.get("/__edgio__/requests", HOST))[0].status == 403

    assert opened(site, play) == "routes.py changed: 3 rules now\n"


def test_rules_as_before_keep_the_copies(site: Path) -> None:
    """A slip that was undone costs nothing."""

    async def play(door: Opened) -> None:
        await door.get("/pages/1")
        await door.door.changed(Routes(Path("routes.py"), door.door.rules, ()))
        assert (await door.get("/pages/1"))[1].cache == "hit"

    assert opened(site, play) == "routes.py is right again, and as it was before\n"


def test_rules_that_cannot_be_served_change_nothing(site: Path) -> None:
    """They are told, and the copies stay."""
    wrong = RuleSet(rules=Router().match("/a", response={"optimize_images": True}).rules)

    async def play(door: Opened) -> None:
        await door.get("/pages/1")
        await door.door.changed(Routes(Path("routes.py"), wrong, ()))
        assert door.door.rules == rules()
        assert (await door.get("/pages/1"))[1].cache == "hit"

    printed = opened(site, play)
    assert printed.startswith("routes.py is wrong; the old rules stay\n")
    assert "[edge-feature]" in printed
