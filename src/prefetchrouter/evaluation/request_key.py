"""The cache key of a request (RFC 9111, section 2)."""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.browser.names import OWN_PARAMETERS
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.url_rewrite import replaced
from prefetchrouter.evaluation.variable_values import filled, value, with_query
from prefetchrouter.http.request_target import loose_name, named_parameter, parameter_name
from prefetchrouter.rules.features import CacheKeyOptions, CacheKeyQueryString, CacheKeyRewrite


def without_own(query: str) -> str:
    """Return a query without the parameters of prefetching clients, however these are encoded.

    Example:
        >>> without_own("edgio_prefetch=1&a=1&&b=edgio_x&edgio_dt_pf=1")
        'a=1&&b=edgio_x'
    """
    return split_client_parameters(query)[0]


def split_client_parameters(query: str) -> tuple[str, str]:
    """Return a query without the parameters of prefetching clients, and these.

    Example:
        >>> split_client_parameters("edgio_prefetch=1&a=1&edgio_dt_pf=1")
        ('a=1', 'edgio_prefetch=1&edgio_dt_pf=1')
    """
    if OWN_PARAMETERS not in query and "%" not in query:
        return query, ""
    others: list[str] = []
    own: list[str] = []
    for part in query.split("&"):
        (own if parameter_name(part).startswith(OWN_PARAMETERS) else others).append(part)
    return "&".join(others), "&".join(own)


def selected(query: str, options: CacheKeyOptions | None, older: CacheKeyQueryString | None) -> str:
    """Return the part of a query that counts.

    A parameter is the one that a rule names when its name is the same once both are decoded. Where origins
    read names differently, more is kept rather than less: see "Which parameters are in the key" in
    docs/urls.md.

    Args:
        query: The query, without the parameters of prefetching clients.
        options: The feature `cache_key`, which goes first.
        older: The feature `cache_key_query_string`.

    Example:
        >>> selected("b=2&a=1&b=3", CacheKeyOptions(include_query_params=["b"]), None)
        'b=2&b=3'
    """
    include, leave_out, none = None, None, None
    if options is not None:
        include, leave_out = options.include_query_params, options.include_all_query_params_except
        none = options.exclude_all_query_params
    all_count = options is not None and options.include_all_query_params
    if not (include or leave_out or none or all_count) and older is not None:
        include, leave_out, none = older.include, older.include_all_except, older.exclude_all
    if none:
        return ""
    if include:
        names = {loose_name(named_parameter(name)) for name in include}
        return "&".join(part for part in query.split("&") if _may_hold(part, names))
    if leave_out:
        names = set(map(named_parameter, leave_out))
        return "&".join(part for part in query.split("&") if not _holds_only(part, names))
    return query


def arranged(query: str, options: CacheKeyOptions | None) -> str:
    """Return a query in the order and letters that count.

    Parameters of one name stay in their order: for many origins the first of them counts, or the last.

    Args:
        query: The part of the query that counts.
        options: The feature `cache_key`.

    Example:
        >>> arranged("b=2&a=2&&a=1", CacheKeyOptions(sort_query_params=True))
        'a=2&a=1&b=2'
        >>> arranged("B=C", CacheKeyOptions(ignore_query_case=True))
        'b=c'
    """
    if options is not None and options.ignore_query_case:
        query = query.lower()
    if options is not None and options.sort_query_params:
        parts = (part for part in query.split("&") if part)
        query = "&".join(sorted(parts, key=lambda part: part.partition("=")[0]))
    return query


def _may_hold(part: str, names: Iterable[str]) -> bool:
    """Return whether an origin may find a parameter of one of these names in a part of a query."""
    return any(loose_name(parameter_name(piece)) in names for piece in part.split(";"))


def _holds_only(part: str, names: Iterable[str]) -> bool:
    """Return whether every origin finds only parameters of these names in a part of a query."""
    return all(parameter_name(piece) in names for piece in part.split(";"))


def cache_key(
    context: RequestContext,
    origin: str | None,
    options: CacheKeyOptions | None,
    older: CacheKeyQueryString | None,
    rewrite: CacheKeyRewrite | None,
) -> tuple[str, ...]:
    """Return the cache key: host, path and query first, then each further part that counts."""
    query = arranged(selected(without_own(context.origin_query), options, older), options)
    address = with_query(context.sent_path, query)
    if rewrite is not None and rewrite.source is not None and rewrite.destination is not None:
        found = replaced(
            context.origin_uri, query, rewrite.source, rewrite.destination,
            lambda name: value(name, context),
        )  # fmt: skip
        address = address if found is None else found
    key = [f"{context.host}{address}"]
    if context.method not in ("GET", "HEAD"):
        key.append(f"method {context.method}")
    if origin is not None:
        key.append(f"origin {origin}")
    if options is not None:
        for name in options.include_headers or ():
            if (text := context.headers.get(name.lower())) is not None:
                key.append(f"header {name.lower()}={text}")
        for name in options.include_cookies or ():
            if (text := context.request.cookies.get(name)) is not None:
                key.append(f"cookie {name}={text}")
        key += (f"expression {filled(text, context)}" for text in options.include_expressions or ())
    return tuple(key)
