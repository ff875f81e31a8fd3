"""Files of a folder that is an origin: an edited one is seen at the next request (N13 has why)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from edge.program import Program
from edge.waiting import PATIENCE
from prefetchrouter.edge.running.folder_changes import folders_among, watch_folders

ROUTES = """\
from prefetchrouter import Router

router = Router().match("/:path*", caching={"max_age": "1h", "service_worker_max_age": "1h"})
"""


def test_urls_and_missing_folders_are_not_watched(tmp_path: Path) -> None:
    assert folders_among(["http://localhost:3000", str(tmp_path / "missing"), str(tmp_path)]) == (
        str(tmp_path),
    )


@pytest.mark.parametrize("name", ["a.html", "deep/er/b.css", "new folder/c.html"])
def test_a_change_anywhere_in_the_folder_is_reported(tmp_path: Path, name: str) -> None:
    """In folders that are made later, too."""
    (tmp_path / "deep" / "er").mkdir(parents=True)

    async def run() -> list[str]:
        told: list[str] = []
        seen = asyncio.Event()

        def changed(folder: str) -> None:
            told.append(folder)
            seen.set()

        task = asyncio.create_task(watch_folders([str(tmp_path)], changed))
        async with asyncio.timeout(PATIENCE):
            while not seen.is_set():  # the watch may not have begun
                (tmp_path / name).parent.mkdir(exist_ok=True)
                (tmp_path / name).write_text(f"{len(told)}")
                await asyncio.wait([asyncio.create_task(seen.wait())], timeout=0.2)
        task.cancel()
        await asyncio.wait([task])
        return told

    assert set(asyncio.run(run())) == {str(tmp_path)}


def test_an_edited_page_is_served_although_the_old_one_was_fresh_for_an_hour(tmp_path: Path) -> None:
    """The one thing that a person expects who edits a file."""
    routes, public = tmp_path / "routes.py", tmp_path / "public"
    public.mkdir()
    routes.write_text(ROUTES)
    page = public / "index.html"
    page.write_text("<!doctype html><h1>old</h1>")
    with Program("--origin", str(public), str(routes)) as program:
        assert b"old" in program.get("/").body
        assert "hit" in program.get("/").headers["cache-status"]
        page.write_text("<!doctype html><h1>new</h1>")
        assert program.event("files")["removed"] == 1
        assert b"new" in program.get("/").body


def test_a_browser_here_gets_the_tag_and_its_prefetch_the_page(tmp_path: Path) -> None:
    """Without both options the page is as it is, and the prefetch is refused."""
    routes, public = tmp_path / "routes.py", tmp_path / "public"
    public.mkdir()
    routes.write_text(ROUTES)
    (public / "index.html").write_text("<!doctype html><h1>tea</h1>")
    with Program("--origin", str(public), "--inject", "--warm", str(routes)) as program:
        assert {name: program.event("serving")[name] for name in ("inject", "warm")} == {
            "inject": True, "warm": True
        }  # fmt: skip
        assert program.get("/?edgio_prefetch=1").status == 200
        assert b'data-overlay="true"' in program.get("/").body
        assert program.get("/", x_forwarded_for="192.0.2.7").body == b"<!doctype html><h1>tea</h1>"
        program.until(lambda: [event for event in program.events if event.get("warmed")])
    with Program("--origin", str(public), str(routes)) as program:
        assert program.get("/?edgio_prefetch=1").status == 412
        assert program.get("/").body == b"<!doctype html><h1>tea</h1>"
