"""The copy of a site: complete, replaced as a whole, and never in place of something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter.browser.files import install_path_of
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser.script_tag import script_tag
from prefetchrouter.errors import OutputError
from prefetchrouter.static_site import StaticSite, write_copy
from prefetchrouter.static_site.site_copy import with_tag

PAGE = b"<!doctype html><title>Tea</title>"
PATH = install_path_of("script")
OWN = {"/__edgio__/cache-manifest.js": "rules", NAMES.install_path: "script", PATH: "script"}
TAG = script_tag(PATH, base="/proj").encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    (folder / "a").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "a" / "b.htm").write_bytes(b"<!doctype html>" + TAG)
    (folder / "part.html").write_bytes(b"<li>part</li>")
    (folder / "wide.html").write_bytes(PAGE.decode().encode("utf-16"))
    (folder / "a" / "x.bin").write_bytes(bytes(range(256)))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_copy_has_every_file_with_tags_in_pages_and_the_own_files(folder: Path, tmp_path: Path) -> None:
    before, out = contents(folder), tmp_path / "dist" / "site"
    copied = write_copy(StaticSite(folder, "/proj"), OWN, out)
    assert (copied.tagged, copied.had_tag, copied.untagged, copied.others) == (
        ("index.html",), ("a/b.htm",), ("part.html", "wide.html"), 1
    )  # fmt: skip
    tagged = {"index.html": b"<!doctype html>" + TAG + b"<title>Tea</title>"}
    own = {path[1:]: text.encode() for path, text in OWN.items()}
    assert contents(out) == {**before, **tagged, **own}
    assert contents(folder) == before


def test_a_second_copy_replaces_the_first_with_all_that_is_gone(folder: Path, tmp_path: Path) -> None:
    site, out = StaticSite(folder), tmp_path / "out"
    write_copy(site, OWN, out)
    (folder / "part.html").unlink()
    write_copy(StaticSite(folder), OWN, out)
    assert "part.html" not in contents(out)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_in_place_pages_change_once(folder: Path) -> None:
    """A second time there is nothing to change, so a build can do it each time."""
    write_copy(StaticSite(folder, "/proj"), OWN, folder)
    first = contents(folder)
    assert first["index.html"].count(TAG) == 1
    assert first["part.html"] == b"<li>part</li>"
    again = write_copy(StaticSite.of(folder, "/proj"), OWN, folder)
    assert contents(folder) == first
    assert again.tagged == ()


def test_a_folder_with_other_files_is_left_alone(folder: Path, tmp_path: Path) -> None:
    """A wrong --out must not cost anybody a folder."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    before = contents(tmp_path)
    for out in (mine, tmp_path, folder / "index.html"):
        with pytest.raises(OutputError, match="not an earlier copy"):
            write_copy(StaticSite(folder), OWN, out)
    assert contents(tmp_path) == before


def test_what_fails_on_the_way_leaves_the_earlier_copy(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_copy(StaticSite(folder), OWN, out)
    before = contents(out)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(OutputError, match="No space left"):
        write_copy(StaticSite(folder), OWN, out)
    assert contents(out) == before


def test_a_page_with_a_tag_keeps_it() -> None:
    page = b"<!doctype html><script src=/__edgio__/prefetch/install.js></script>"
    assert with_tag(page, OWN, overlay=True) == page


def test_in_place_pages_get_the_script_with_the_rules_of_now(folder: Path) -> None:
    """The path in the tag is named after the script's text, which browsers store for ever."""
    write_copy(StaticSite(folder, "/proj"), OWN, folder)
    path = install_path_of("other")
    again = write_copy(StaticSite(folder, "/proj"), {NAMES.install_path: "other", path: "other"}, folder)
    pages = contents(folder)
    assert script_tag(path, base="/proj").encode() in pages["index.html"]
    assert script_tag(path, base="/proj").encode() in pages["a/b.htm"]
    assert again.tagged == ()
