"""The files of a site, at whose paths other products serve the file instead of applying a rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from prefetchrouter.errors import LoadError
from prefetchrouter.importing.imported import NotUnderstoodError
from prefetchrouter.importing.rule_bodies import PathTest, literal_path

KEPT_FILES: Final = "files of the site, which come before the next rule"
"""The comment above the branch for such files."""
_OWN: Final = frozenset(("_redirects", "_headers", "netlify.toml", "vercel.json"))


def paths_of_files(folder: Path) -> tuple[str, ...]:
    """Return the path of each file of a folder, encoded as requests have it, in order.

    Args:
        folder: What is deployed, such as ``dist``.

    Raises:
        LoadError: It is not a folder.
    """
    if not folder.is_dir():
        raise LoadError.of("file-not-found", f"{folder}: there is no such folder")
    names = (f"/{file.relative_to(folder).as_posix()}" for file in folder.rglob("*") if file.is_file())
    return tuple(sorted(filter(None, map(_encoded, names))))


def _encoded(name: str) -> str | None:
    try:
        return literal_path(name)
    except NotUnderstoodError:
        return None


def pages_of(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths at which hosts of static sites serve files, in order.

    A page is at several: ``about/index.html`` at ``/about``, ``/about/`` and ``/about/index.html``, and
    ``about.html`` at ``/about`` as well.

    Args:
        files: The path of each file.

    Example:
        >>> pages_of(("/_headers", "/a.css", "/about.html"))
        ('/a.css', '/about', '/about.html', '/about/')
    """
    return tuple(sorted({path for name in files if name[1:] not in _OWN for path in _paths(name)}))


def folders_of(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of the folders that hold files, with a slash at their end, in order.

    Example:
        >>> folders_of(("/index.html", "/a/b/c.html"))
        ('/', '/a/', '/a/b/')
    """
    found = {file[: place + 1] for file in files for place, each in enumerate(file) if each == "/"}
    return tuple(sorted(found))


def _paths(path: str) -> set[str]:
    page = path.removesuffix("/index.html") if path.endswith("/index.html") else path.removesuffix(".html")
    return {path} if page == path else {path, page or "/", f"{page}/"}


def files_at(test: PathTest, files: tuple[str, ...]) -> PathTest | None:
    """Return the test of the pages of files that a rule would apply to, or None.

    Args:
        test: What the rule matches.
        files: The path of each file.

    Example:
        >>> files_at(PathTest.of("^/a/(.*)$", ("splat",)), ("/a/b.css", "/c")).criteria
        ['/a/b.css']
    """
    listed = test.criteria if test.source is None else None
    found = [
        path
        for path in pages_of(files)
        if (path in listed if listed is not None else re.search(test.source or "", path))
    ]
    return PathTest(found) if found else None
