"""What a browser may leave out of a URL when it looks for a response in its own cache."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote_plus

from prefetchrouter.browser.names import NAMES
from prefetchrouter.http.request_target import named_parameter
from prefetchrouter.rules.features import CacheKeyOptions, CacheKeyQueryString

OWN_NAMES: Final = (
    NAMES.prefetch_parameter, NAMES.cached_only_parameter, NAMES.browser_cache_parameter,
)  # fmt: skip
"""The parameters of a prefetch for the browser's own cache."""


def no_vary_search(options: CacheKeyOptions | None, older: CacheKeyQueryString | None) -> str:
    """Return the ``No-Vary-Search`` of a response: the parameters that make no difference to it.

    A rule that lists the parameters which count leaves out none here: the cache key has all that some origin
    may take for a listed one, and the header cannot say that. Neither does one whose key has text with
    variables, which may be of the query.

    Args:
        options: The feature `cache_key`, which goes first.
        older: The feature `cache_key_query_string`.

    Source: https://httpwg.org/http-extensions/draft-ietf-httpbis-no-vary-search.html

    Example:
        >>> from prefetchrouter.rules.features import CacheKeyOptions
        >>> no_vary_search(CacheKeyOptions(include_all_query_params_except=["utm source"]), None)
        'params=("edgio_dt_pf" "edgio_prefetch" "edgio_prefetch_http" "utm+source")'
        >>> no_vary_search(CacheKeyOptions(exclude_all_query_params=True), None)
        'params'
        >>> by_page = CacheKeyOptions(exclude_all_query_params=True, include_expressions=["%{arg_page}"])
        >>> no_vary_search(by_page, None)
        'params=("edgio_dt_pf" "edgio_prefetch" "edgio_prefetch_http")'
    """
    include, others, none, all_count = None, None, None, False
    if options is not None:
        include, others = options.include_query_params, options.include_all_query_params_except
        none, all_count = options.exclude_all_query_params, bool(options.include_all_query_params)
    if not (include or others or none or all_count) and older is not None:
        include, others, none = older.include, older.include_all_except, older.exclude_all
    has_text = options is not None and any("%{" in text for text in options.include_expressions or ())
    if none and not has_text:
        return "params"
    names = [] if include or has_text else map(named_parameter, others or ())
    return f"params=({' '.join(map(_quoted, (*OWN_NAMES, *names)))})"


def _quoted(name: str) -> str:
    return f'"{quote_plus(name)}"'
