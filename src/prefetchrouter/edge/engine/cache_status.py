"""`Cache-Status`: what the cache had to do with a response, in the standard's words (RFC 9211)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, TypeAlias

from prefetchrouter.edge.engine.debugging import ASKING
from prefetchrouter.edge.message import EdgeResponse, Story
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http.structured_fields import BareItem, Token, is_list, serialized_member
from prefetchrouter.http_cache.fields import changed, members

Mode = Literal["on", "debug", "off"]
"""Whether the header is sent, and whether it tells the cache key and the rule of its own accord."""

NAME: Final = Token("prefetchrouter")
"""What this cache calls itself."""

Parameters: TypeAlias = tuple[tuple[str, BareItem], ...]

_FIELD: Final = "cache-status"
_HITS: Final = frozenset({"hit", "stale"})
_FORWARDED: Final = frozenset({"stale-error", "revalidated", "miss", "joined", "pass"})


def with_cache_status(
    response: EdgeResponse, asked: HeaderFields, story: Story, *, mode: Mode, may_ask: bool
) -> EdgeResponse:
    """Return a response with its Cache-Status, behind what caches nearer to the origin said.

    What the edge or a rule makes itself has none: refusals, redirects, errors. The cache key and the line of
    the rule may tell secrets, so they are there only when asked for.

    Args:
        response: The response.
        asked: The headers of the request.
        story: What happened.
        mode: ``"debug"`` tells key and rule in every response.
        may_ask: Whether a request can ask for them, by ``x-ec-debug: cache-status``.

    Source: RFC 9211 section 2.

    Example:
        >>> story = Story("hit", ttl=50.5, key="shop.example/a", rules=("routes.py:12",))
        >>> asked = HeaderFields({"x-ec-debug": "cache-status"})
        >>> said = with_cache_status(EdgeResponse(200), asked, story, mode="on", may_ask=False)
        >>> said.headers["cache-status"]
        'prefetchrouter;hit;ttl=50'
        >>> said = with_cache_status(EdgeResponse(200), asked, story, mode="on", may_ask=True)
        >>> said.headers["cache-status"]
        'prefetchrouter;hit;ttl=50;key="shop.example/a";detail="routes.py:12"'
    """
    is_detailed = mode == "debug" or (may_ask and _FIELD in members(asked.get(ASKING, "").lower()))
    told = _told(story, response.status)
    if told is None:
        return response
    if is_detailed:
        told += _details(story)
    status, headers, body = response
    if headers.derived is not None and headers.derived[0] == told:
        return EdgeResponse(status, headers.derived[1], body)
    own = serialized_member(NAME, dict(told)) if is_detailed else _serialized(told)
    before = ", ".join(headers.all(_FIELD))
    text = f"{before}, {own}" if before and is_list(before) else own
    said = changed(headers, {_FIELD: text})
    if story.cache in _HITS:  # its headers are the same ones until the second is over
        headers.derived = told, said
    return EdgeResponse(status, said, body)


@lru_cache(maxsize=1024)
def _serialized(told: Parameters) -> str:
    return serialized_member(NAME, dict(told))


def _told(story: Story, status: int) -> Parameters | None:
    ttl: Parameters = () if story.ttl is None else (("ttl", int(story.ttl // 1)),)
    if story.cache in _HITS or (story.cache == "stale-error" and not story.origin):
        return (("hit", True), *ttl)
    if story.cache not in _FORWARDED:
        return None
    told: list[tuple[str, BareItem]] = [("fwd", Token(story.forward or "miss"))]
    answered = 304 if story.cache == "revalidated" else story.answered
    if answered is not None and answered != status:
        told.append(("fwd-status", answered))
    told += ttl
    if story.is_stored:
        told.append(("stored", True))
    if story.is_collapsed:
        told.append(("collapsed", True))
    return tuple(told)


def _details(story: Story) -> Parameters:
    key: Parameters = () if story.key is None else (("key", story.key),)
    return (*key, ("detail", story.rules[-1])) if story.rules else key
