"""`CacheAccess`: the cache of a running edge, as its pages see and purge it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prefetchrouter.edge.cache.stored_response import StoredResponseView
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.hosts import UNKNOWN_HOST, SiteIdentity
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.errors import RegexCostError, shown
from prefetchrouter.http.named_url import named_url


class CacheAccess:
    """The cache of a running edge. A purge also prevents that responses in flight are stored.

    Args:
        edge: The edge.
        site: Returns the site's current scheme and hosts.
    """

    def __init__(self, edge: Edge, site: Callable[[], SiteIdentity]) -> None:
        self._edge = edge
        self._site = site
        self.limit = edge.cache.limit

    @property
    def size(self) -> int:
        """The size of all stored responses, in bytes."""
        return self._edge.cache.size

    def views(self, now: float) -> Sequence[StoredResponseView]:
        """Return a summary of each stored response."""
        return self._edge.cache.views(now)

    def remove(self, key: tuple[str, ...]) -> int:
        """Remove all stored responses of a key; return how many there were."""
        return self._edge.forget(key)

    def clear(self) -> int:
        """Remove every stored response; return how many there were."""
        count = len(self._edge.cache)
        self._edge.purge()
        return count

    def purge_tags(self, tags: Sequence[str]) -> int:
        """Remove the stored responses that have one of these tags; return how many there were."""
        return self._edge.purge_tags(tags)

    def check_url(self, url: str) -> None:
        """Check that a URL can be purged.

        Raises:
            ValueError: No request can have that URL, or it is on a host of another site.
        """
        self._requests(url)

    def purge_url(self, url: str) -> int:
        """Remove the stored responses of a URL; of a path, those of each host. Return how many there were.

        Args:
            url: A URL such as ``https://www.shop.example/products/2``, or only its path and query.

        Raises:
            ValueError: It cannot be purged, as `check_url` says.
        """
        try:
            return sum(self._edge.purge_url(request) for request in self._requests(url))
        except RegexCostError as error:
            raise ValueError(error.diagnostics[0].message) from error

    def _requests(self, url: str) -> list[EdgeRequest]:
        """Return a GET of a URL, for each host that it may be about."""
        authority, target = named_url(url)
        site = self._site()
        if authority:
            host = site.host_for(authority)
            if host is None or host == UNKNOWN_HOST:
                raise ValueError(f"{shown(url)} is on a host that this edge does not serve")
            hosts = {host}
        else:
            hosts = {site.host} if site.host is not None else set()
            hosts |= self._edge.hosts()
        return [EdgeRequest("GET", site.scheme, host, *target) for host in sorted(hosts)]
