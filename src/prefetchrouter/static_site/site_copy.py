"""A copy of a site with all that browsers need to prefetch, which any web server can serve as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prefetchrouter.browser.files import install_path_of
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser.script_tag import has_script_tag, place_for_tag, script_tag, with_path
from prefetchrouter.errors import OutputError
from prefetchrouter.output.writing import write_all
from prefetchrouter.static_site.folder import StaticSite, is_page

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""How pages in UTF-16 begin: a tag in ASCII would break them."""


@dataclass(frozen=True, slots=True)
class CopiedSite:
    """What was written.

    Args:
        tagged: The pages that got the script tag.
        had_tag: Those that had it.
        untagged: Those that cannot have it: they are not documents, or in UTF-16.
        others: How many other files the site has.
    """

    tagged: tuple[str, ...]
    had_tag: tuple[str, ...]
    untagged: tuple[str, ...]
    others: int


def with_tag(page: bytes, own: Mapping[str, str], base: str = "", *, overlay: bool = False) -> bytes | None:
    """Return a page with the script tag, or None if it is not a document.

    The path in the tag is named after the text of the script, so browsers may store it for ever; the tag of
    an earlier text gets the path of this one.

    Args:
        page: The page.
        own: The text of each own file by its path on the site.
        base: The path below which the site is, such as ``"/proj"``; empty at the root.
        overlay: Whether the page shows what becomes of each link.

    Example:
        >>> own = {"/__edgio__/prefetch/install.js": "a"}
        >>> with_tag(b"<!doctype html><title>Tea</title>", own)[15:70]
        b'<script src="/__edgio__/prefetch/ca978112ca/install.js"'
    """
    place = None if page.startswith(_WIDE) else place_for_tag(page)
    if not isinstance(place, int):
        return None
    path = install_path_of(own[NAMES.install_path])
    if has_script_tag(page):
        return with_path(page, path)
    return page[:place] + script_tag(path, base=base, overlay=overlay).encode() + page[place:]


def write_copy(site: StaticSite, own: Mapping[str, str], out: Path) -> CopiedSite:
    """Write the copy of a site: all of it or nothing.

    An earlier copy is replaced. With the folder of the site itself, its pages are changed where they are.

    Args:
        site: The site.
        own: The text of each own file by its path on the site, such as ``"/__edgio__/cache-manifest.js"``.
        out: Where to write.

    Raises:
        OutputError: It cannot be written, or the folder holds other files than an earlier copy.
    """
    is_in_place = out.resolve() == site.folder.resolve()
    pages: dict[str, bytes] = {}
    found: dict[str, list[str]] = {"tagged": [], "had_tag": [], "untagged": []}
    for name in site.pages:
        page = (site.folder / name).read_bytes()
        changed = with_tag(page, own, site.base)
        found["untagged" if changed is None else "had_tag" if has_script_tag(page) else "tagged"].append(name)
        if changed is not None and not (is_in_place and changed == page):
            pages[name] = changed
    files = {**pages, **{path.removeprefix("/"): text.encode() for path, text in own.items()}}
    if is_in_place:
        write_all(files, out)
    else:
        _replace(site, files, out)
    others = sum(not is_page(name) for name in site.files)
    return CopiedSite(tuple(found["tagged"]), tuple(found["had_tag"]), tuple(found["untagged"]), others)


def _replace(site: StaticSite, files: Mapping[str, bytes], out: Path) -> None:
    """Write the copy beside its place, and let it take that place by a rename."""
    if not is_copy(out):
        raise OutputError.of(
            "output", f"{out} has files that are not an earlier copy of a site",
            hint="name another folder with --out, or remove it",
        )  # fmt: skip
    if out.resolve() in site.folder.resolve().parents:
        raise OutputError.of("output", f"{out} holds the site itself", hint="name another folder with --out")
    path = out
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".site-", dir=out.parent) as hidden:
            new = Path(hidden) / "new"
            for name in site.files:
                if name not in files:
                    path = new / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(site.folder / name, path)
            write_all(files, new)
            path = out
            if out.exists():
                os.replace(out, Path(hidden) / "old")
            os.replace(new, out)
    except OSError as error:
        raise OutputError.of("output", f"{path} cannot be written: {error.strerror or error}") from error


def is_copy(folder: Path) -> bool:
    """Return whether a folder may be replaced: it is missing, empty, or an earlier copy."""
    if not folder.exists():
        return True
    is_ours = (folder / NAMES.manifest_path.removeprefix("/")).is_file()
    return folder.is_dir() and (is_ours or not any(folder.iterdir()))
