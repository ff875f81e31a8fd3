"""Serves a site from its folder as any server of static files would, for the browser of this machine."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from prefetchrouter.browser.files import is_immutable
from prefetchrouter.http.folder_paths import candidates
from prefetchrouter.static_site.folder import StaticSite, is_page
from prefetchrouter.static_site.site_copy import with_tag

_TYPES: Final = {
    ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json",
    ".svg": "image/svg+xml", ".html": "text/html", ".htm": "text/html", ".woff2": "font/woff2",
    ".webp": "image/webp", ".avif": "image/avif", ".wasm": "application/wasm", ".txt": "text/plain",
    ".webmanifest": "application/manifest+json", ".xml": "application/xml",
}  # fmt: skip
"""The usual ones, since the list of the machine may be wrong: the registry of Windows often is."""
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_TEXT: Final = ("text/", "application/json", "application/xml", "image/svg+xml")


class StaticServer(ThreadingHTTPServer):
    """A server of static files, on the loopback interface only.

    Pages are read when they are requested, and get the script tag with its overlay: an edited file is seen at
    the next view.

    Args:
        site: The site.
        own_files: Returns the text of each own file by its path on the site.
        port: The port; 0 for any free one.

    Raises:
        OSError: The port cannot be used.
    """

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would let two servers share a port

    def __init__(self, site: StaticSite, own_files: Callable[[], Mapping[str, str]], port: int) -> None:
        self.site = replace(site, folder=site.folder.absolute())
        self.own_files = own_files
        super().__init__(("127.0.0.1", port), partial(_Handler))

    @property
    def address(self) -> str:
        """The URL of the site."""
        return f"http://localhost:{self.server_address[1]}{self.site.base}/"


class _Handler(BaseHTTPRequestHandler):
    server: StaticServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Send a file, a redirect to the path with a slash, or the page for missing files."""
        site, target = self.server.site, urlsplit(self.path)
        if not _is_local(self.headers.get("host", "")):
            return self._send(421, "text/plain", b"Only for names of this machine.\n")
        if target.path in ("/", site.base) and site.base:
            return self._send(302, "text/plain", b"", location=f"{site.base}/")
        path = target.path.removeprefix(site.base) if target.path.startswith(f"{site.base}/") else None
        own = None if path is None else self.server.own_files().get(unquote(path))
        if path is not None and own is not None:
            return self._send(200, "text/javascript", own.encode(), is_immutable=is_immutable(unquote(path)))
        name = None if path is None else _file_at(site.folder, path)
        if name is None and target.path == "/favicon.ico":
            return self._send(204, "image/x-icon", b"")  # browsers request it of every site
        if name is None:
            return self._missing()
        if name.endswith("/index.html") and path is not None and not path.endswith(("/", ".html")):
            query = f"?{target.query}" if target.query else ""
            return self._send(301, "text/plain", b"", location=f"{target.path}/{query}")
        return self._file(200, name)

    do_HEAD = do_GET

    def _missing(self) -> None:
        if (self.server.site.folder / "404.html").is_file():
            return self._file(404, "404.html")
        return self._send(404, "text/plain", b"There is no such file.\n")

    def _file(self, status: int, name: str) -> None:
        site = self.server.site
        try:
            body = (site.folder / name).read_bytes()
        except OSError:
            return self._send(404, "text/plain", b"The file cannot be read.\n")
        if is_page(name):
            body = with_tag(body, self.server.own_files(), site.base, overlay=True) or body
        ending = Path(name).suffix.lower()
        kind = _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._send(status, kind, body)

    def _send(
        self, status: int, kind: str, body: bytes, location: str | None = None, *, is_immutable: bool = False
    ) -> None:
        charset = "; charset=utf-8" if kind.startswith(_TEXT) else ""
        self.send_response(status)
        self.send_header("content-type", f"{kind}{charset}")
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", _FOR_EVER if is_immutable else "no-cache")
        if location is not None:
            self.send_header("location", location)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing: the overlay shows what happens."""


def _file_at(folder: Path, path: str) -> str | None:
    """Return the file of a folder that a path leads to; none outside it, whatever links lead out."""
    root = folder.resolve()
    for name in candidates(path):
        found = (root / name).resolve()
        if found.is_file() and found.is_relative_to(root):
            return name
    return None


def _is_local(host: str) -> bool:
    """Return whether a request is for this machine: another site's name may resolve to it."""
    name = host.lower().rpartition(":")[0] or host.lower()
    return name in ("localhost", "127.0.0.1") or name.endswith(".localhost")
