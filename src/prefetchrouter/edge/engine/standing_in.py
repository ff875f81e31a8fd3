"""GET requests that stand for others: browsers cannot prefetch a POST, so a URL carries method and body."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import unquote

from prefetchrouter.browser.names import NAMES
from prefetchrouter.catalog import keys
from prefetchrouter.edge.engine.bodies import is_of_the_body
from prefetchrouter.edge.engine.plan import Plan, Planner
from prefetchrouter.edge.message import EdgeRequest
from prefetchrouter.http.message import HeaderFields


def stood_for(plan: Plan, planner: Planner) -> Plan:
    """Return the plan for the request that a prefetch stands for, the same plan when it stands for itself.

    Only where a rule allows that method to be cached (`enable_caching_for_methods`): any page can hold a
    link, and none shall be able to send what it likes by it.

    Args:
        plan: A request.
        planner: Makes the other plan.
    """
    request = plan.request
    if request.method != "GET" or NAMES.method_parameter not in request.query:
        return plan
    texts, rest = {}, []
    for part in request.query.split("&"):
        name, _, text = part.partition("=")
        if name in (NAMES.method_parameter, NAMES.body_parameter):
            texts[name] = unquote(text)
        else:
            rest.append(part)
    method = texts.get(NAMES.method_parameter, "").upper()
    if method not in ("POST", "PUT"):
        return plan
    body = texts.get(NAMES.body_parameter, "").encode()
    headers = HeaderFields(
        [
            *(pair for pair in request.headers.fields() if not _is_of_a_body(pair[0])),
            ("content-type", _type_of(body)),
            ("content-length", str(len(body))),
        ]
    )
    meant = EdgeRequest(
        method,
        request.scheme,
        request.host,
        request.path,
        "&".join(rest),
        headers,
        request.client,
        _once(body),
    )
    found = planner.plan(meant)
    if method not in (found.decision.get(keys.caching.enable_caching_for_methods) or ()):
        return plan
    return found._replace(is_guarded=found.is_guarded or plan.is_guarded)


def _is_of_a_body(name: str) -> bool:
    """Return whether a header of the link would be taken for one of the body that it stands for."""
    return is_of_the_body(name) or name == "content-length"


def _type_of(body: bytes) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return "text/plain;charset=UTF-8"
    return "application/json"


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
