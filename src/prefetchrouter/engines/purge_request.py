"""`PurgeRequest`: which stored responses an engine is to remove."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prefetchrouter.http.named_url import named_url


class StoredUrl(NamedTuple):
    """A URL as it is in cache keys.

    Args:
        host: The host; empty for any.
        target: Path and query, without the parameters of prefetching.
    """

    host: str
    target: str


@dataclass(frozen=True, slots=True)
class PurgeRequest:
    """What is to be removed: what has one of these tags, and what is stored for these URLs.

    Args:
        tags: Tags of `caching.purge_tags`.
        urls: URLs. Without these and tags it is everything.
    """

    tags: tuple[str, ...] = ()
    urls: tuple[StoredUrl, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether everything is to be removed."""
        return not self.tags and not self.urls

    @classmethod
    def of(cls, tags: Sequence[str], urls: Sequence[str]) -> PurgeRequest:
        """Return the request for tags and URLs as people write them.

        Raises:
            ValueError: One is not a URL that can be purged.

        Example:
            >>> PurgeRequest.of(["news"], ["https://WWW.shop.example:443/a?edgio_dt_pf=1&b=2"]).urls
            (StoredUrl(host='www.shop.example', target='/a?b=2'),)
        """
        return cls(tuple(tags), tuple(map(_stored, urls)))


def _stored(url: str) -> StoredUrl:
    authority, (path, query) = named_url(url)
    host = re.sub(r"\.?(?::(?:80|443))?$", "", authority.rpartition("@")[2].lower())
    kept = "&".join(part for part in query.split("&") if not part.startswith("edgio_"))
    return StoredUrl(host, f"{path}?{kept}" if kept else path)
