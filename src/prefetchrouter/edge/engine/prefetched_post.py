"""Prefetched POST requests: browsers prefetch only GET, so method and body are parameters of a URL (E29)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import unquote

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.edge.engine.body_key import describes_body
from prefetchrouter.edge.engine.plan import Planner, RequestPlan
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.http.message import HeaderFields


def unwrap_prefetched_post(plan: RequestPlan, planner: Planner) -> RequestPlan:
    """Return the plan of the POST or PUT that a link carries, the given plan if it carries none.

    Only where a rule enables caching for that method (`enable_caching_for_methods`): any page can contain a
    link, and none may send a request of its choice with it.

    Args:
        plan: A request.
        planner: Makes the other plan.
    """
    request = plan.request
    if request.method != "GET" or NAMES.method_parameter not in request.query:
        return plan
    carried, rest = {}, []
    for part in request.query.split("&"):
        name, _, text = part.partition("=")
        if name in (NAMES.method_parameter, NAMES.body_parameter):
            carried[name] = unquote(text)
        else:
            rest.append(part)
    method = carried.get(NAMES.method_parameter, "").upper()
    if method not in ("POST", "PUT"):
        return plan
    body = carried.get(NAMES.body_parameter, "").encode()
    headers = HeaderFields(
        [
            *(pair for pair in request.headers.fields() if not _describes_body(pair[0])),
            ("content-type", _content_type(body)),
            ("content-length", str(len(body))),
        ]
    )
    unwrapped = planner.plan(
        EdgeRequest(
            method,
            request.scheme,
            request.host,
            request.path,
            "&".join(rest),
            headers,
            request.client,
            _stream(body),
        ),
        is_guarded=plan.is_guarded,
    )
    if method not in (unwrapped.shared.decision.get(keys.caching.enable_caching_for_methods) or ()):
        return plan
    return unwrapped


def _describes_body(name: str) -> bool:
    """Return whether a header of the link would be taken for one about the body that it carries."""
    return describes_body(name) or name == "content-length"


def _content_type(body: bytes) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return "text/plain;charset=UTF-8"
    return "application/json"


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body
