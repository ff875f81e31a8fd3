"""The headers that tell of caching, where the rule `debug_header` lets a request ask for them."""

from __future__ import annotations

from prefetchrouter.edge.message import CacheStatus, EdgeResponse, Story
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.fields import changed, members

ASKING = "x-ec-debug"
"""The request header that lists the wanted headers."""

_STATUS: dict[CacheStatus, str] = {
    "hit": "TCP_HIT",
    "stale": "TCP_EXPIRED_HIT",
    "stale-error": "TCP_EXPIRED_HIT",
    "revalidated": "TCP_REFRESH_HIT",
    "miss": "TCP_MISS",
    "joined": "TCP_PARTIAL_HIT",
    "pass": "CONFIG_NOCACHE",
    "refused": "TCP_MISS",
}
_KEPT = frozenset(_STATUS) - {"pass", "refused"}


def with_debug_headers(response: EdgeResponse, asked: HeaderFields, story: Story) -> EdgeResponse:
    """Return a response with those headers that the request asks for.

    Args:
        response: The response.
        asked: The headers of the request.
        story: What happened.

    Example:
        >>> story = Story("hit", ttl=50.5, age=9.5, key="shop.example/a")
        >>> asked = HeaderFields({"x-ec-debug": "x-ec-cache, x-ec-cache-state"})
        >>> with_debug_headers(EdgeResponse(200), asked, story).headers.fields()
        (('x-ec-cache', 'TCP_HIT'), ('x-ec-cache-state', 'max-age=60; cache-age=9; remaining-ttl=50'))
    """
    wanted = set(members(asked.get(ASKING, "").lower()))
    told = {name: text for name, text in _told(story).items() if name in wanted}
    return EdgeResponse(response.status, changed(response.headers, told), response.body) if told else response


def _told(story: Story) -> dict[str, str]:
    status = _STATUS.get(story.cache, "NONE")
    told = {
        "x-ec-cache": status,
        "x-ec-cache-remote": status,
        "x-ec-check-cacheable": "YES" if story.cache in _KEPT else "NO",
    }
    if story.key is not None:
        told["x-ec-cache-key"] = story.key
    if story.ttl is not None and story.age is not None:
        lifetime, age, left = int(story.ttl + story.age), int(story.age), int(story.ttl)
        told["x-ec-cache-state"] = f"max-age={lifetime}; cache-age={age}; remaining-ttl={left}"
    return told
