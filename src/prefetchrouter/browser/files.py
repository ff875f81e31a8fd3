"""The browser's files at the paths where pages ask for them; any web server can serve them as they are."""

from __future__ import annotations

import hashlib
import re

from prefetchrouter.browser.names import NAMES, STATIC
from prefetchrouter.version import VERSION

FOLDER = NAMES.install_path.rpartition("/")[0] + "/"
"""The folder of all files but the manifest and the worker."""

PINNED_INSTALL_PATH = NAMES.pinned_install_path.format(version=VERSION)

_FOR_EVER = re.compile(
    rf"({re.escape(FOLDER)}(v[0-9.]+|[0-9a-f]{{10}})|{re.escape(NAMES.navigation_path)}[0-9a-f]{{10}})/"
)


def browser_files(rules: str = "") -> dict[str, str]:
    """Return the text of each browser file by its path on the site, in order of path.

    The install script is there with the rules in front of it, under its own name and in a folder that is
    named after its text; and without them under its version. `cache-manifest.js` is made by a build.

    Args:
        rules: What goes in front of the install script; without it, pages read the manifest.

    Example:
        >>> "/__edgio__/prefetch/install.js" in browser_files()
        True
    """
    install = rules + _text("install.js")
    files = {
        NAMES.worker_path.format(version=VERSION): _text("service-worker.js"),
        NAMES.install_path: install,
        f"{FOLDER}uninstall.js": _text("uninstall.js"),
        PINNED_INSTALL_PATH: _text("install.js"),
        hashed_install_path(rules): install,
    }
    parts = {name: _text(name) for name in NAMES.parts}
    folder = _hash("".join(parts.values()))
    files.update({f"{FOLDER}{folder}/{name}": text for name, text in parts.items()})
    return dict(sorted(files.items()))


def hashed_install_path(rules: str = "") -> str:
    """Return the path of the install script whose folder is named after its text: it can be stored for ever.

    Args:
        rules: What goes in front of the install script.

    Example:
        >>> is_immutable(hashed_install_path())
        True
    """
    return install_path_of(rules + _text("install.js"))


def install_path_of(text: str) -> str:
    """Return the path of an install script whose folder is named after this text of it.

    Example:
        >>> install_path_of("a")
        '/__edgio__/prefetch/ca978112ca/install.js'
    """
    return f"{FOLDER}{_hash(text)}/install.js"


def is_immutable(path: str) -> bool:
    """Return whether the text at a path of these files never changes.

    Example:
        >>> [is_immutable(f"/__edgio__/prefetch/{name}") for name in ("install.js", "v1.2.3/install.js")]
        [False, True]
    """
    return _FOR_EVER.match(path) is not None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
