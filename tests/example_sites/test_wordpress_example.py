"""The WordPress site, behind nginx and behind the embedded edge: no visitor sees another's page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cli.test_serve import Serving
from example_sites.example_site import EXAMPLES, Origin, Visitor, running_script

FOLDER = EXAMPLES / "wordpress"
POST = "/green-tea/"


@pytest.fixture(scope="module", params=[pytest.param("nginx", marks=pytest.mark.needs("njs")), "embedded"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[int, Origin]]:
    """The site on an engine."""
    with (
        running_script(FOLDER / "origin.py") as origin,
        Serving(
            str(FOLDER / "routes.py"), "--engine", request.param, "--origin", origin.address, "--quiet",
            "--no-warm", "--no-inject",
        ) as serving,
    ):  # fmt: skip
        yield serving.port, origin


def test_a_page_reaches_wordpress_once_and_is_prefetched_then(site: tuple[int, Origin]) -> None:
    port, origin = site
    path = "/2026/11/first-frost/"
    assert Visitor(port).prefetch(path).status == 412
    assert Visitor(port).get(path).status == 200
    assert Visitor(port).get(f"{path}?utm_source=mail").status == 200
    assert Visitor(port).prefetch(path).status == 200
    assert origin.requests(path) == 1


def test_the_page_of_an_editor_is_for_the_editor_alone(site: tuple[int, Origin]) -> None:
    port, origin = site
    editor = Visitor(port)
    assert editor.get("/wp-admin/").headers["location"] == "/wp-login.php?redirect_to=/wp-admin/"
    assert editor.get("/wp-login.php").status == 200
    assert "wordpress_test_cookie" in editor.cookies
    assert editor.post("/wp-login.php", log="ann", pwd="tea").status == 302
    assert b"Howdy, ann" in editor.get("/wp-admin/").body
    assert b"Howdy, ann" in editor.get(POST).body
    for visitor in (Visitor(port), Visitor(port, {"wordpress_test_cookie": "1"})):
        assert b"Howdy" not in visitor.get(POST).body
    assert b"Howdy, ann" in editor.get(POST).body
    assert editor.prefetch(POST).status == 412  # her own page is not prefetched
    assert Visitor(port).get("/wp-admin/").status == 302
    assert origin.requests("/wp-admin/") == 3


def test_a_comment_is_seen_by_its_author_until_it_is_approved(site: tuple[int, Origin]) -> None:
    port, _ = site
    path, author = "/about/", Visitor(port)
    assert b"moderation" not in author.get(path).body
    sent = author.post("/wp-comments-post.php", author="bo", page=path, comment="I drink it too")
    assert (sent.status, sent.headers["location"]) == (302, path)
    assert b"awaiting moderation: I drink it too" in author.get(path).body
    assert b"moderation" not in Visitor(port).get(path).body
    assert b"awaiting moderation" in author.get(path).body


def test_files_are_stored_for_all_and_searches_for_none(site: tuple[int, Origin]) -> None:
    port, origin = site
    style = "/wp-content/themes/tea/style.css?ver=6.8"
    for visitor in (Visitor(port), Visitor(port, {"wordpress_logged_in_5f3a": "ann"})):
        assert visitor.get(style).headers["content-type"] == "text/css"
        assert b"1 found" in visitor.get("/?s=frost").body
    assert (origin.requests(style), origin.requests("/?s=frost")) == (1, 2)
