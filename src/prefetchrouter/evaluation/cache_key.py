"""What tells cached copies apart: the cache key of a request."""

from __future__ import annotations

from prefetchrouter.evaluation.rewrite import replaced
from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.evaluation.variables import filled, value, with_query
from prefetchrouter.rules.features import CacheKeyOptions, CacheKeyQueryString, CacheKeyRewrite

OWN_PARAMETERS = "edgio_"
"""How the names of the parameters begin that prefetching clients add; they are in no cache key."""


def without_own(query: str) -> str:
    """Return a query without the parameters of prefetching clients; all else stays as it is.

    Example:
        >>> without_own("edgio_prefetch=1&a=1&&b=edgio_x&edgio_dt_pf=1")
        'a=1&&b=edgio_x'
    """
    return parted(query)[0]


def parted(query: str) -> tuple[str, str]:
    """Return a query without the parameters of prefetching clients, and these.

    Example:
        >>> parted("edgio_prefetch=1&a=1&edgio_dt_pf=1")
        ('a=1', 'edgio_prefetch=1&edgio_dt_pf=1')
    """
    if OWN_PARAMETERS not in query:
        return query, ""
    parts = query.split("&")
    kept = [part for part in parts if not part.partition("=")[0].startswith(OWN_PARAMETERS)]
    own = [part for part in parts if part.partition("=")[0].startswith(OWN_PARAMETERS)]
    return "&".join(kept), "&".join(own)


def selected(query: str, options: CacheKeyOptions | None, older: CacheKeyQueryString | None) -> str:
    """Return the part of a query that counts.

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
        return "&".join(part for part in query.split("&") if part.partition("=")[0] in include)
    if leave_out:
        return "&".join(part for part in query.split("&") if part.partition("=")[0] not in leave_out)
    return query


def cache_key(
    situation: Situation,
    origin: str | None,
    options: CacheKeyOptions | None,
    older: CacheKeyQueryString | None,
    rewrite: CacheKeyRewrite | None,
) -> tuple[str, ...]:
    """Return the cache key: host, path and query first, then each further part that counts."""
    query = selected(without_own(situation.origin_query), options, older)
    address = with_query(situation.origin_path, query)
    if rewrite is not None and rewrite.source is not None and rewrite.destination is not None:
        found = replaced(
            situation.origin_path, query, rewrite.source, rewrite.destination,
            lambda name: value(name, situation),
        )  # fmt: skip
        address = address if found is None else found
    key = [f"{situation.host}{address}"]
    if situation.method not in ("GET", "HEAD"):
        key.append(f"method {situation.method}")
    if origin is not None:
        key.append(f"origin {origin}")
    if options is not None:
        for name in options.include_headers or ():
            if (text := situation.headers.get(name.lower())) is not None:
                key.append(f"header {name.lower()}={text}")
        for name in options.include_cookies or ():
            if (text := situation.request.cookies.get(name)) is not None:
                key.append(f"cookie {name}={text}")
        key += (f"expression {filled(text, situation)}" for text in options.include_expressions or ())
    return tuple(key)
