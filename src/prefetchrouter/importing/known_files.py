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
    """Return the paths at which the files of a folder are served, in order.

    A page is at several: ``about/index.html`` at ``/about``, ``/about/`` and ``/about/index.html``, and
    ``about.html`` at ``/about`` as well.

    Args:
        folder: What is deployed, such as ``dist``.

    Raises:
        LoadError: It is not a folder.
    """
    if not folder.is_dir():
        raise LoadError.of("file-not-found", f"{folder}: there is no such folder")
    found: set[str] = set()
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in _OWN:
            found.update(_paths(f"/{name}"))
    return tuple(sorted(found))


def _paths(name: str) -> set[str]:
    try:
        path = literal_path(name)
    except NotUnderstoodError:
        return set()
    page = path.removesuffix("/index.html") if path.endswith("/index.html") else path.removesuffix(".html")
    return {path} if page == path else {path, page or "/", f"{page}/"}


def files_at(test: PathTest, paths: tuple[str, ...]) -> PathTest | None:
    """Return the test of the files that a rule would apply to, or None.

    Args:
        test: What the rule matches.
        paths: The paths of all files.

    Example:
        >>> files_at(PathTest.of("^/a/(.*)$", ("splat",)), ("/a/b.css", "/c")).criteria
        ['/a/b.css']
    """
    listed = test.criteria if test.source is None else None
    found = [
        path
        for path in paths
        if (path in listed if listed is not None else re.search(test.source or "", path))
    ]
    return PathTest(found) if found else None
