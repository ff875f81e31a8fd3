"""The server of a folder: files, redirects, what it refuses; and edited pages at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from prefetchrouter.browser.files import install_path_of
from prefetchrouter.browser.names import NAMES
from prefetchrouter.static_site import StaticServer, StaticSite

PATH = install_path_of("script")
OWN = {"/__edgio__/cache-manifest.js": "rules", NAMES.install_path: "script", PATH: "script"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    (folder / "blog").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><h1>old</h1>")
    (folder / "about.html").write_text("<!doctype html><h1>about</h1>")
    (folder / "blog" / "index.html").write_text("<!doctype html><h1>blog</h1>")
    (folder / "404.html").write_text("<!doctype html><h1>missing</h1>")
    (folder / "a.css").write_text("b {}")
    (folder / ".secret").write_text("secret")
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return folder


@pytest.fixture(params=["", "/proj"])
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[StaticServer]:
    with StaticServer(StaticSite(folder, request.param), lambda: OWN, 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(
    server: StaticServer, path: str, method: str = "GET", host: str = "localhost"
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=30)
    try:
        connection.request(method, path, headers={"host": host})
        response = connection.getresponse()
        return response.status, {name.lower(): text for name, text in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_pages_have_the_tag_with_the_overlay_and_other_files_are_as_they_are(server: StaticServer) -> None:
    base = server.site.base
    status, headers, body = get(server, f"{base}/?edgio_prefetch=1")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<script src="{base}{PATH}" data-overlay="true"'.encode() in body
    assert get(server, f"{base}{PATH}")[1]["cache-control"] == "public, max-age=31536000, immutable"
    assert get(server, f"{base}{NAMES.install_path}")[1]["cache-control"] == "no-cache"
    assert get(server, f"{base}/about")[2].endswith(b"<h1>about</h1>")
    assert get(server, f"{base}/a.css")[1:][1] == b"b {}"
    assert get(server, f"{base}/__edgio__/cache-manifest.js")[2] == b"rules"
    status, headers, body = get(server, f"{base}/", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 100


def test_a_folder_leads_to_its_path_with_a_slash(server: StaticServer) -> None:
    """Relative links would be wrong without it; the query stays."""
    base = server.site.base
    status, headers, _ = get(server, f"{base}/blog?edgio_prefetch=1")
    assert (status, headers["location"]) == (301, f"{base}/blog/?edgio_prefetch=1")
    assert get(server, f"{base}/blog/")[0] == 200
    if base:
        assert get(server, "/")[1]["location"] == f"{base}/"
        assert get(server, "/about")[0] == 404


def test_an_edited_page_is_seen_at_the_next_view(server: StaticServer, folder: Path) -> None:
    (folder / "index.html").write_text("<!doctype html><h1>new</h1>")
    assert get(server, f"{server.site.base}/")[2].endswith(b"<h1>new</h1>")


@pytest.mark.parametrize(
    "path", ["/no", "/.secret", "/%2e%2e/outside.txt", "/link.txt", "/a%00b", "/..%2foutside.txt"]
)
def test_nothing_else_is_served(server: StaticServer, path: str) -> None:
    status, _, body = get(server, f"{server.site.base}{path}")
    assert status == 404
    assert b"secret" not in body
    assert body.endswith(b"<h1>missing</h1>")


def test_only_names_of_this_machine_are_served(server: StaticServer) -> None:
    """Another site's name may resolve to this machine, and its scripts would read the pages."""
    for host in ("evil.example", "localhost.evil.example:80"):
        assert get(server, f"{server.site.base}/", host=host)[0] == 421
    assert get(server, f"{server.site.base}/", host="127.0.0.1:8000")[0] == 200
