"""Origins of `--origin`: a URL or a folder."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from prefetchrouter.edge.limits import Limits
from prefetchrouter.edge.origins.folder_upstream import FolderUpstream
from prefetchrouter.edge.origins.upstream import Upstream
from prefetchrouter.edge.origins.url_upstream import UrlUpstream
from prefetchrouter.errors import PropertyError, shown

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.-]+:[0-9]+/?")


def upstream_for(name: str, given: str, limits: Limits) -> Upstream:
    """Return the upstream for the value of an option.

    Args:
        name: The origin's name; empty for the default.
        given: A URL of scheme, host and perhaps port, or the path of a folder.
        limits: Limits of time and size.

    Raises:
        PropertyError: It is neither.

    Example:
        >>> upstream_for("web", "http://localhost:3000", Limits()).address("https")
        'http://localhost:3000'
    """
    option = f"--origin {name}={given}" if name else f"--origin {given}"
    if re.match("https?://", given, re.I):
        return _url_place(option, given, limits)
    folder = Path(given).expanduser()
    if given and folder.is_dir():
        return FolderUpstream(folder, limits=limits)
    hint = f'write "http://{given}"' if _HOST_AND_PORT.fullmatch(given) else None
    raise PropertyError.of(
        "property", f"{option}: there is no folder {shown(given)}", expected="a URL or a folder", hint=hint
    )


def _url_place(option: str, given: str, limits: Limits) -> UrlUpstream:
    try:
        parts = urlsplit(given)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise PropertyError.of("property", f"{option}: {error}", expected="a URL") from None
    if not _HOST.fullmatch(host) or port == 0:
        raise PropertyError.of("property", f"{option} has no proper host", expected="a host and a port")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise PropertyError.of(
            "property",
            f"{option} says more than where the origin is",
            expected="a URL of scheme, host and port",
            hint=f'write "{scheme}://{parts.netloc.rpartition("@")[2]}"; rules rewrite paths and set headers',
        )
    return UrlUpstream("https" if scheme == "https" else "http", host, port, limits=limits)
