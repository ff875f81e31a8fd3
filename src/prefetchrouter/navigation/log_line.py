"""One request as an access log has it, whatever the format."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from prefetchrouter.navigation.log_facts import ASSET_PATHS, ASSETS, PREFETCH_MARKS, ROBOTS

_WITH_PORT = re.compile(r"([0-9]+(?:\.[0-9]+){3}):[0-9]+|\[([0-9A-Fa-f:.]+)\](?::[0-9]+)?")


class LogLine(NamedTuple):
    """One request of an access log.

    Args:
        address: The address of the client, as it is written.
        time: When, in seconds since 1970.
        method: The method.
        url: Path and query, or a whole URL, as logged.
        status: The status code of the response.
        size: How many bytes were sent, 0 where that is not known.
        referer: The `Referer`, empty if there is none.
        agent: The `User-Agent`, empty if there is none.
        purpose: The `Sec-Purpose`; ``-`` where the log has that field and the request has not, else empty.
    """

    address: str
    time: float
    method: str
    url: str
    status: int
    size: int = 0
    referer: str = ""
    agent: str = ""
    purpose: str = ""


@lru_cache(maxsize=65536)
def is_robot(agent: str) -> bool:
    """Return whether a user agent is that of a robot.

    Example:
        >>> is_robot("Mozilla/5.0 (compatible; Googlebot/2.1)"), is_robot("Mozilla/5.0 (X11) Firefox/150.0")
        (True, False)
    """
    lower = agent.lower()
    return any(word in lower for word in ROBOTS)


def is_asset(path: str) -> bool:
    """Return whether a path is that of a file that a page consists of, or of a download.

    Example:
        >>> is_asset("/logo.PNG"), is_asset("/pages/1"), is_asset("/v1.2/notes")
        (True, False, False)
    """
    end = path.rpartition(".")[2]
    return (end != path and "/" not in end and end.lower() in ASSETS) or path.startswith(ASSET_PATHS)


def without_port(address: str) -> str:
    """Return an address without the client's port, which is another one for each connection.

    Example:
        >>> without_port("192.0.2.1:50432"), without_port("[2001:db8::1]:50432"), without_port("2001:db8::1")
        ('192.0.2.1', '2001:db8::1', '2001:db8::1')
    """
    if ":" not in address:
        return address
    found = _WITH_PORT.fullmatch(address)
    return address if found is None else found[1] or found[2]


def is_purpose(text: str) -> bool:
    """Return whether the value of a header such as `Sec-Purpose` says that the browser prefetches."""
    return "prefetch" in text.lower()


def is_own_prefetch(url: str, purpose: str) -> bool:
    """Return whether a browser made the request before anybody clicked.

    Example:
        >>> is_own_prefetch("/a?edgio_dt_pf=1", ""), is_own_prefetch("/a", "prefetch;prerender")
        (True, True)
        >>> is_own_prefetch("/a?next=edgio_dt_pf", "")
        False
    """
    if is_purpose(purpose):
        return True
    if "edgio_" not in url:
        return False
    query = url.partition("?")[2].partition("#")[0]
    return any(part.partition("=")[0] in PREFETCH_MARKS for part in query.split("&"))
