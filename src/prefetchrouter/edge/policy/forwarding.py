"""Request headers that are forwarded to origins, and those that are not (requirement E3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from prefetchrouter.catalog import keys
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.evaluation.merge import Merged
from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members
from prefetchrouter.http_cache.hop_by_hop import end_to_end_headers
from prefetchrouter.http_cache.spoofable import is_spoofable

VIA: Final = "1.1 prefetchrouter"


class HeadersByRules(NamedTuple):
    """The request headers that rules set.

    Args:
        replaced: Those whose value comes only from the rule.
        appended: Those with the rule's value after that of the client.
    """

    replaced: frozenset[str] = frozenset()
    appended: frozenset[str] = frozenset()

    @classmethod
    def of(cls, decision: Decision) -> HeadersByRules:
        """Return the headers that the rules of a decision set.

        Example:
            >>> from prefetchrouter import Request, Router, evaluate
            >>> router = Router().match("/", headers={"set_request_headers": {"X-Scheme": "https"}})
            >>> sorted(HeadersByRules.of(evaluate(router, Request("/"))).replaced)
            ['x-scheme']
        """
        return decision.of_settings(_ruled)


NO_HEADERS_BY_RULES: Final = HeadersByRules()


def _ruled(settings: Merged) -> HeadersByRules:
    start = f"{keys.headers.set_request_headers}."
    names = [key[len(start) :].lower() for key in settings if key.startswith(start)]
    custom = settings.value(keys.headers.set_client_ip_custom_header)
    names += [str(custom).lower()] if custom is not None else []
    appended = frozenset(name[1:] for name in names if name.startswith("+"))
    replaced = frozenset(name for name in names if not name.startswith("+"))
    return HeadersByRules(replaced, appended - replaced)


def origin_headers(
    headers: HeaderFields,
    request: EdgeRequest,
    *,
    special: tuple[str, ...] | None,
    ruled: HeadersByRules = NO_HEADERS_BY_RULES,
) -> HeaderFields:
    """Return the headers that an origin gets.

    A header by which a client could impersonate the edge is forwarded only with what a rule wrote into it.
    The edge's own headers replace none that a rule set.

    Args:
        headers: The request's headers after the rules.
        request: The client's request.
        special: The feature `origin.proxy_special_headers`: of the headers that the edge adds only these are
            sent; None for all.
        ruled: The headers that rules set.

    Source: RFC 9110 sections 7.6.1 and 7.6.3.

    Example:
        >>> headers = HeaderFields({"host": "shop.example", "x-real-ip": "1.2.3.4", "te": "trailers"})
        >>> request = EdgeRequest("GET", "https", "shop.example", "/", headers=headers, client="192.0.2.7")
        >>> origin_headers(headers, request, special=("x-forwarded-for",)).fields()
        (('host', 'shop.example'), ('x-forwarded-for', '192.0.2.7'))
    """
    forwarded = end_to_end_headers(headers)
    dropped = [name for name in forwarded if is_spoofable(name) and name not in ruled.replaced]
    wanted = None if special is None else {name.lower() for name in special}
    changes = {
        name: text
        for name, text in _added(forwarded, request)
        if (wanted is None or name in wanted) and (name == "via" or name in dropped or name not in forwarded)
    }
    for name in ruled.appended.intersection(dropped):
        # A rule appended to a spoofable header: what the client sent in front of it is cut off.
        changes[name] = forwarded[name].removeprefix(request.headers.get(name, ""))
    return changed(forwarded, changes, without=dropped)


def _added(headers: HeaderFields, request: EdgeRequest) -> Iterator[tuple[str, str]]:
    yield "x-forwarded-for", request.client
    yield "x-forwarded-proto", request.scheme
    yield "x-forwarded-host", request.host
    yield "via", ", ".join((*members(headers.get("via", "")), VIA))
