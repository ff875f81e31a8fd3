"""The pages to which the front page of a running site links."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from typing import Final
from urllib.parse import urlsplit

from prefetchrouter.browser.links import logging_out
from prefetchrouter.errors import LoadError, shown
from prefetchrouter.static_site.folder import is_page
from prefetchrouter.static_site.page_links import linked_paths

MOST_BYTES: Final = 4_000_000
_PATIENCE_SECONDS: Final = 10


def front_page_paths(address: str) -> list[str]:
    """Return the paths of the front page and of the pages to which it links, without files and logout links.

    One request is sent, as a browser sends it.

    Args:
        address: The URL of the front page.

    Raises:
        LoadError: There is no page at that URL.
    """
    headers = {"accept": "text/html", "accept-encoding": "gzip", "user-agent": "prefetchrouter"}
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as response:
            url, kind = response.geturl(), response.headers.get_content_type()
            body = response.read(MOST_BYTES)
            if response.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
    except (OSError, ValueError, EOFError) as error:
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        reason = getattr(cause, "strerror", None) or cause
        raise LoadError.of(
            "file-not-found", f"there is no page at {shown(address)}: {reason}",
            hint="start your site, and name its address, such as http://localhost:3000",
        ) from None  # fmt: skip
    if kind != "text/html":
        raise LoadError.of("file-not-found", f"{shown(address)} is not a page: its type is {shown(kind)}")
    found = [urlsplit(url).path or "/", *linked_paths(body.decode("utf-8", "replace"), url)]
    return [path for path in dict.fromkeys(found) if _may_be_page(path)]


def _may_be_page(path: str) -> bool:
    last = path.rpartition("/")[2]
    return ("." not in last or is_page(last)) and logging_out(path) is None
