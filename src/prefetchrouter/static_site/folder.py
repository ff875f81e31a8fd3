"""A folder of static files: its pages, and the paths by which browsers open them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from prefetchrouter.browser.names import NAMES
from prefetchrouter.errors import LoadError, shown
from prefetchrouter.http.folder_paths import candidates
from prefetchrouter.static_site.page_links import linked_paths

_PAGE_ENDINGS = (".html", ".htm")
_NOT_SERVED = frozenset({"node_modules", "__pycache__"})
_SITE = "http://site.example"


@dataclass(frozen=True)
class StaticSite:
    """A folder of static files that is to be a site.

    Args:
        folder: The folder.
        base: The path below which the site is served, such as ``"/proj"``; empty at the root.
        without: Folders and files that are not part of it, such as the one that is written.
    """

    folder: Path
    base: str = ""
    without: tuple[Path, ...] = ()

    @classmethod
    def of(cls, folder: Path, base: str = "", without: tuple[Path, ...] = ()) -> StaticSite:
        """Return a folder as a site.

        Raises:
            LoadError: There is no such folder, or no page in it.
        """
        if not folder.is_dir():
            raise LoadError.of(
                "file-not-found", f"there is no folder {shown(str(folder))}",
                hint="name the folder with the pages of the site, such as public, dist or _site",
            )  # fmt: skip
        site = cls(folder, base, tuple(path.absolute() for path in without))
        if not site.pages:
            raise LoadError.of(
                "file-not-found", f"no page is in {shown(str(folder))}",
                expected="files that end in .html",
                hint="build the site first, and name the folder with the result",
            )  # fmt: skip
        return site

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files by their paths in the folder, with ``/``; hidden ones only of ``.well-known``."""
        return tuple(sorted(self._files(self.folder)))

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Those that are pages."""
        return tuple(name for name in self.files if is_page(name))

    @cached_property
    def links(self) -> dict[str, str]:
        """The files to which pages link, by the path in the link."""
        files = set(self.files)
        found = {path: self.file_at(path, files) for path in self._linked}
        return {path: file for path, file in found.items() if file is not None}

    @cached_property
    def links_outside(self) -> tuple[str, ...]:
        """The paths to which pages link that are not below the path of the site."""
        return tuple(path for path in self._linked if not f"{path}/".startswith(f"{self.base}/"))

    @cached_property
    def _linked(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in self.pages:
            text = (self.folder / name).read_text(encoding="utf-8", errors="replace")
            found.update(dict.fromkeys(linked_paths(text, f"{_SITE}{self.path_of(name)}")))
        return tuple(found)

    def page_paths(self) -> list[str]:
        """Return the paths of all pages: as links or else servers of files have them."""
        linked = {path: file for path, file in self.links.items() if is_page(file)}
        known = set(linked.values())
        others = (self.path_of(name) for name in self.pages if name not in known and name != "404.html")
        return sorted({*linked, *others})

    def path_of(self, name: str) -> str:
        """Return the path at which any server serves a file.

        Example:
            >>> site = StaticSite(Path(), "/proj")
            >>> [site.path_of(name) for name in ("index.html", "a/index.html", "b c.html")]
            ['/proj/', '/proj/a/', '/proj/b%20c.html']
        """
        path = PurePosixPath(name)
        shortened = str(path.parent / "_")[:-1] if path.name == "index.html" else name
        return f"{self.base}/{quote(shortened)}"

    def file_at(self, path: str, files: set[str] | None = None) -> str | None:
        """Return the file that a path leads to, None without one."""
        known = set(self.files) if files is None else files
        if not path.startswith(f"{self.base}/"):
            return None
        return next((name for name in candidates(path.removeprefix(self.base)) if name in known), None)

    def _files(self, folder: Path) -> Iterator[str]:
        own = NAMES.own_path_prefix.removeprefix("/")
        for entry in os.scandir(folder):
            path = Path(entry.path)
            is_hidden = entry.name.startswith(".") and entry.name != ".well-known"
            is_own = folder == self.folder and entry.name.startswith(own)
            if is_hidden or is_own or entry.name in _NOT_SERVED or path.absolute() in self.without:
                continue
            if entry.is_dir():
                yield from self._files(path)
            elif entry.is_file():
                yield path.relative_to(self.folder).as_posix()


def is_page(name: str) -> bool:
    """Return whether a file is a page."""
    return name.lower().endswith(_PAGE_ENDINGS)
