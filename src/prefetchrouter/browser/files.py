"""The browser's files at the paths where pages ask for them; any web server can serve them as they are."""

from __future__ import annotations

import posixpath

from prefetchrouter.browser.names import NAMES, STATIC
from prefetchrouter.version import VERSION


def browser_files() -> dict[str, str]:
    """Return the text of each browser file by its path on the site, in order of path.

    Install script and worker are there in their latest form and under their version; `cache-manifest.js`
    is made by a build.

    Example:
        >>> "/__edgio__/prefetch/install.js" in browser_files()
        True
    """
    files = {NAMES.worker_path.format(version=VERSION): _text("service-worker.js")}
    for install in (NAMES.install_path, NAMES.pinned_install_path.format(version=VERSION)):
        files[install] = _text("install.js")
        for name in NAMES.beside_install:
            files[posixpath.join(posixpath.dirname(install), name)] = _text(name)
    return dict(sorted(files.items()))


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
