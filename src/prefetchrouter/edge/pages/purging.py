"""The purge for programs on this machine, such as `prefetchrouter purge`: JSON in, JSON out."""

from __future__ import annotations

import json
from typing import Any, Final

from prefetchrouter.browser.names import NAMES
from prefetchrouter.edge.pages.page_templates import json_page
from prefetchrouter.edge.pages.rows import Copies
from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse

PATH: Final = f"{NAMES.own_path_prefix}/purge"
"""Where it is, on the port of the pages."""

MOST_NAMED: Final = 1000
"""How many tags and URLs one request may name."""

_MOST_BODY: Final = 1024 * 1024
_FIELDS: Final = frozenset({"all", "tags", "urls"})


async def purged(request: EdgeRequest, cache: Copies) -> EdgeResponse:
    """Remove what a request names, and return how many stored responses there were.

    The body is JSON: ``{"tags": [...], "urls": [...]}`` or ``{"all": true}``. Its media type has to say so: a
    page of another site can send that to this port only after a preflight request, which is refused. All
    names are checked before anything is removed.

    Args:
        request: A request that `refusal` lets pass.
        cache: The cache.
    """
    if request.method != "POST":
        return _refused(405, "a purge is a POST", {"allow": "POST"})
    media_type = request.headers.get("content-type", "").partition(";")[0].strip(" \t").lower()
    if media_type != "application/json":
        return _refused(415, "a purge has the type application/json")
    wanted = await _wanted(request)
    if isinstance(wanted, str):
        return _refused(400, wanted)
    if wanted.get("all") is True:
        return json_page({"purged": cache.clear()})
    tags, urls = wanted.get("tags", []), wanted.get("urls", [])
    for url in urls:
        try:
            cache.check_url(url)
        except ValueError as error:
            return _refused(400, str(error))
    count = cache.purge_tags(tags) if tags else 0
    return json_page({"purged": count + sum(cache.purge_url(url) for url in urls)})


async def _wanted(request: EdgeRequest) -> dict[str, Any] | str:
    """Return what is to be purged, or what is wrong with the body."""
    body = b""
    if request.body is not None:
        async for piece in request.body:
            body += piece
            if len(body) > _MOST_BODY:
                return f"the body is larger than {_MOST_BODY} bytes"
    try:
        wanted = json.loads(body)
    except (ValueError, RecursionError):
        return "the body is not JSON"
    if not isinstance(wanted, dict) or not wanted or not _FIELDS.issuperset(wanted):
        return 'expected {"tags": [...], "urls": [...]} or {"all": true}'
    if "all" in wanted:
        is_alone = len(wanted) == 1 and wanted["all"] is True
        return wanted if is_alone else '"all" is true, and alone'
    for name, texts in wanted.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) and text for text in texts):
            return f'"{name}" is not a list of texts'
        if len(texts) > MOST_NAMED:
            return f'"{name}" has more than {MOST_NAMED:,} texts'
    return wanted


def _refused(status: int, problem: str, headers: dict[str, str] | None = None) -> EdgeResponse:
    return json_page({"error": problem}, status=status, headers=headers)
