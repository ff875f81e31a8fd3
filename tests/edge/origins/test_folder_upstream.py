"""A folder as an origin: what is found in it, and that nothing else is."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.origins.raw_origin import coming, get, whole
from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origin_client import OriginError, OriginRequest, OriginResponse
from prefetchrouter.edge.origins import FolderUpstream
from prefetchrouter.http.folder_paths import candidates

SECRET = b"outside"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name, text in {
        "index.html": "home",
        "pages/1.html": "one",
        "pages/index.html": "pages",
        "empty/note.txt": "note",
        "api/products/1.json": '{"id": 1}',
        "app.js": "let a",
        "look.css": "a {}",
        "a b.txt": "blank",
        "café.txt": "coffee",
        ".env": "hidden",
        ".git/config": "hidden",
        ".well-known/security.txt": "contact",
        "data.bin": "0123456789",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "site-2").mkdir()
    (tmp_path / "site-2" / "secret.txt").write_bytes(SECRET)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "same.txt").symlink_to(folder / "a b.txt")
    os.mkfifo(folder / "pipe")
    return folder


def ask(site: Path, request: OriginRequest, limits: Limits | None = None) -> tuple[OriginResponse, bytes]:
    async def run() -> tuple[OriginResponse, bytes]:
        upstream = FolderUpstream(site, limits=limits or Limits())
        await upstream.start()
        answer = await upstream.fetch(request)
        body = await whole(answer)
        await upstream.close()
        return answer, body

    return asyncio.run(run())


@pytest.mark.parametrize(
    "target, body, kind",
    [
        ("/", b"home", "text/html; charset=utf-8"),
        ("/?a=1", b"home", "text/html; charset=utf-8"),
        ("/index", b"home", "text/html; charset=utf-8"),
        ("/pages", b"pages", "text/html; charset=utf-8"),
        ("/pages/", b"pages", "text/html; charset=utf-8"),
        ("/pages/1", b"one", "text/html; charset=utf-8"),
        ("/pages/1.html", b"one", "text/html; charset=utf-8"),
        ("/p%61ges/1?x=../..", b"one", "text/html; charset=utf-8"),
        ("/api/products/1.json", b'{"id": 1}', "application/json"),
        ("/look.css", b"a {}", "text/css; charset=utf-8"),
        ("/a%20b.txt", b"blank", "text/plain; charset=utf-8"),
        ("/caf%C3%A9.txt", b"coffee", "text/plain; charset=utf-8"),
        ("/same.txt", b"blank", "text/plain; charset=utf-8"),
        ("/.well-known/security.txt", b"contact", "text/plain; charset=utf-8"),
    ],
)
def test_what_is_found(site: Path, target: str, body: bytes, kind: str) -> None:
    answer, got = ask(site, get(target))

    assert (answer.status, got, answer.headers["content-type"]) == (200, body, kind)
    assert answer.headers["content-length"] == str(len(body))
    assert {"etag", "accept-ranges"} <= set(answer.headers)


@pytest.mark.parametrize(
    "target",
    [
        "/nothing",
        "/pages/2",
        "/empty",
        "/empty/",
        "/pages/1/",
        "/pages/1.html/",
        "/index.html/x",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/pages/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/pages/%2e%2e/index.html",
        "/./index.html",
        "/%2e/index.html",
        "//index.html",
        "/pages//1",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..%2fsite-2/secret.txt",
        "/index.html%00",
        "/%00",
        "/a%0ab",
        "/%ff",
        "/%C0%AE%C0%AE/secret.txt",
        "/%252e%252e/secret.txt",
        "/out.txt",
        "/out",
        "/up/secret.txt",
        "/up/site/index.html/../../secret.txt",
        "/loop",
        "/pipe",
        "/.env",
        "/.git/config",
        "/pages/.hidden",
        "/c:/windows",
        "/" + "a" * 300,
        "/" + "a/" * 3000,
    ],
)
def test_what_is_not_found(site: Path, target: str) -> None:
    answer, body = ask(site, get(target))

    assert (answer.status, body) == (404, b"Not Found")


@given(st.lists(st.sampled_from(["..", ".", "%2e", "%2E%2e", "/", "%2f", "\\", "%5c", "%00", "a", "~", "%"])))
def test_no_path_leads_out(parts: list[str]) -> None:
    for path in candidates("/" + "".join(parts)):
        resolved = os.path.normpath(os.path.join("/site", path))
        assert resolved.startswith("/site/")
        assert "\\" not in path
        assert "\0" not in path


def test_a_page_for_what_is_not_there(site: Path) -> None:
    (site / "404.html").write_text("<p>Nothing here")
    answer, body = ask(site, get("/nothing", range="bytes=0-1"))

    assert (answer.status, body) == (404, b"<p>Nothing here")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_files_are_only_read(site: Path, method: str) -> None:
    answer, _ = ask(site, get("/", method))

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_a_body(site: Path) -> None:
    answer, body = ask(site, get("/pages/1", "HEAD"))

    assert (answer.status, answer.headers["content-length"], body) == (200, "3", b"")


@pytest.mark.parametrize("target", ["/pages/1", "/nothing"])
def test_nothing_makes_browsers_guess_how_long_to_keep_a_file(site: Path, target: str) -> None:
    """They would show an old file for a tenth of its age, and ask no one."""
    known, _ = ask(site, get(target))
    checked, _ = ask(site, get(target, **{"if-none-match": known.headers.get("etag", '""')}))

    for answer in (known, checked):
        assert not {"last-modified", "cache-control", "expires"} & set(answer.headers)


def test_a_copy_can_be_checked(site: Path) -> None:
    first, _ = ask(site, get("/pages/1"))
    tag = first.headers["etag"]

    assert ask(site, get("/pages/1", **{"if-none-match": tag}))[0].status == 304
    assert ask(site, get("/pages/1", **{"if-none-match": '"x"'}))[0].status == 200
    (site / "pages" / "1.html").write_text("other")
    assert ask(site, get("/pages/1", **{"if-none-match": tag}))[1] == b"other"


@pytest.mark.parametrize(
    "span, status, body",
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=-2", 206, b"89"),
        ("bytes=20-", 416, b""),
        (None, 200, b"0123456789"),
    ],
)
def test_ranges(site: Path, span: str | None, status: int, body: bytes) -> None:
    answer, got = ask(site, get("/data.bin", **({"range": span} if span else {})))

    assert answer.status == status
    assert got == body or status == 416


def test_a_large_file_is_read_as_fast_as_it_is_taken(site: Path) -> None:
    large = os.urandom(1_000_000)
    (site / "large.bin").write_bytes(large)

    async def run() -> tuple[bytes, int]:
        answer = await FolderUpstream(site, limits=Limits()).fetch(get("/large.bin"))
        await asyncio.sleep(0.05)
        pieces = [piece async for piece in coming(answer)]
        await answer.close()
        return b"".join(pieces), len(pieces)

    body, pieces = asyncio.run(run())
    assert body == large
    assert pieces > 10


def test_an_answer_can_be_left_unread(site: Path) -> None:
    (site / "large.bin").write_bytes(bytes(1_000_000))

    async def run() -> int:
        upstream = FolderUpstream(site, limits=Limits())
        for _ in range(3):
            answer = await upstream.fetch(get("/large.bin"))
            await anext(coming(answer))
            await answer.close()
            await answer.close()
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_a_file_that_shrinks_while_it_is_read_is_cut_off(site: Path) -> None:
    (site / "large.bin").write_bytes(bytes(1_000_000))

    async def run() -> bytes:
        answer = await FolderUpstream(site, limits=Limits()).fetch(get("/large.bin"))
        os.truncate(site / "large.bin", 10)
        return await whole(answer)

    with pytest.raises(OriginError, match="changed while it was read") as caught:
        asyncio.run(run())
    assert caught.value.failure == "cut"


def test_a_disk_that_falls_silent(site: Path) -> None:
    """As when a file turns into a pipe between looking and reading."""

    async def run() -> None:
        upstream = FolderUpstream(site, limits=Limits())
        (site / "data.bin").write_bytes(b"x" * 10)
        target = site / "data.bin"
        look_up = upstream._look_up

        def swapped(path: str) -> tuple[str, os.stat_result | None]:
            found = look_up(path)
            if found[1] is not None:
                target.unlink()
                os.mkfifo(target)
            return found

        upstream._look_up = swapped  # type: ignore[method-assign]
        answer = await upstream.fetch(replace(get("/data.bin"), timeout=0.1))
        try:
            with pytest.raises(OriginError, match=r"nothing was read for 0\.1 s"):
                await anext(coming(answer))
        finally:
            await answer.close()
            os.close(os.open(target, os.O_RDWR | os.O_NONBLOCK))
            await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=2)

    asyncio.run(run())


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="is not a folder"):
        FolderUpstream(tmp_path / "nothing", limits=Limits())


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Thu, 18 Aug 2050 02:01:18 GMT", 304),
        ("Thu, 18 Aug 2050 02:01:18 AEST", 200),
        ("Thu, 18 Aug 50 02:01:18 GMT", 200),
        ("2050", 200),
    ],
)
def test_a_condition_with_a_malformed_date_is_ignored(site: Path, text: str, status: int) -> None:
    """RFC 9110 section 13.1.3: it is ignored."""
    assert ask(site, get("/app.js", **{"if-modified-since": text}))[0].status == status
