"""Which files of a folder are the site, and at which paths its pages are."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter.errors import LoadError
from prefetchrouter.static_site import StaticSite


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_what_is_hidden_ours_or_written_is_not_part_of_the_site(tmp_path: Path) -> None:
    """As with a folder that is the root of a project."""
    kept = ["index.html", "a/b.css", ".well-known/x"]
    others = [".git/x.html", "node_modules/y.html", "__edgio__/z.js", "dist/site/index.html", "routes.py"]
    write(tmp_path, dict.fromkeys([*kept, *others], "<title>x</title>"))
    site = StaticSite.of(tmp_path, without=(tmp_path / "dist" / "site", tmp_path / "routes.py"))
    assert sorted(site.files) == sorted(kept)
    assert site.pages == ("index.html",)


def test_pages_are_at_the_paths_of_their_links_else_at_those_of_their_files(tmp_path: Path) -> None:
    """Links decide, since rules match what links say."""
    site = StaticSite.of(
        write(
            tmp_path,
            {
                "index.html": '<a href="about">1</a><a href="/blog/">2</a><a href="a.pdf">3</a><a href="no">',
                "about.html": "<a href='blog/x.html'>",
                "blog/index.html": "",
                "blog/x.html": "",
                "blog/unlinked.html": "",
                "404.html": "",
                "a.pdf": "",
            },
        )
    )
    assert site.page_paths() == ["/", "/about", "/blog/", "/blog/unlinked.html", "/blog/x.html"]
    assert site.links["/a.pdf"] == "a.pdf"


def test_below_a_path_links_count_that_stay_below_it(tmp_path: Path) -> None:
    site = StaticSite.of(
        write(
            tmp_path, {"index.html": '<a href="/proj/a.html"><a href="/b.html">', "a.html": "", "b.html": ""}
        ),
        "/proj",
    )
    assert site.page_paths() == ["/proj/", "/proj/a.html", "/proj/b.html"]
    assert list(site.links) == ["/proj/a.html"]


def test_a_page_in_another_encoding_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"\xff\xfe<\x00a\x00 \xe9")
    assert StaticSite.of(tmp_path).page_paths() == ["/"]


def test_a_folder_without_pages_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"no page is in .*expected files that end in \.html"):
        StaticSite.of(tmp_path)
    with pytest.raises(LoadError, match="there is no folder"):
        StaticSite.of(tmp_path / "missing")
