"""What rules set, in two forms: statements before the cache, and entries of a text that later phases read.

The text, `pr_set`, is a list of `name=value`, each with a tab behind it. Rules append to it in their order,
so that of several entries of a name the last counts, which is how values of rules are merged. Code that reads
it does not grow with the rules:

    rules<tab>max_age.200=3600<tab>h.x-frame-options=DENY<tab>c00003<tab>

`h.` and `o.` are headers with a constant value, for the client and as if the origin had sent them. `c00003`
and `k00003` are operations on such headers that only code can do: see `vcl_headers.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.entries import FeatureEntry
from prefetchrouter.targets.purge_tag import tag_text
from prefetchrouter.targets.varnish.vcl_text import Vcl

SHORT: Final[Mapping[str, str]] = {
    str(key): str(key).rpartition(".")[2]
    for key in (
        keys.access.deny_access, keys.caching.bypass_cache, keys.caching.bypass_client_cache,
        keys.caching.cache_control_header_treatment, keys.caching.cacheable_status_codes,
        keys.caching.cacheable_request_body_size, keys.caching.enable_caching_for_methods,
        keys.caching.expires_header_treatment,
        keys.caching.honor_no_cache_request_header, keys.caching.ignore_origin_no_cache,
        keys.caching.ignore_unsatisfiable_ranges, keys.caching.prevalidate_cached_content,
        keys.caching.refresh_zero_byte_cache_files, keys.caching.client_max_age,
        keys.caching.service_worker_max_age, keys.caching.stale_on_error,
        keys.caching.stale_while_revalidate, keys.caching.purge_tags,
        keys.origin.origin_failover_codes,
        keys.headers.age_response_header, keys.headers.debug_header, keys.url.follow_redirects,
        keys.response.allow_prefetching_uncached_content, keys.response.set_done,
        keys.response.set_status_code, keys.response.set_response_body, keys.response.compress_content_types,
    )
}  # fmt: skip
"""How features are called in the text."""

BY_STATUS: Final[Mapping[str, str]] = {
    f"{key}.": str(key).rpartition(".")[2]
    for key in (
        keys.caching.max_age, keys.caching.default_internal_max_age,
        keys.caching.revalidate_after_origin_unavailable,
    )
}  # fmt: skip
"""The same for features that are merged by status."""


def setting(name: str, value: str) -> str:
    r"""Return an entry of the text.

    Example:
        >>> setting("bypass_cache", "true")
        'bypass_cache=true\t'
    """
    return f"{name}={value}\t"


def name_of(key: str) -> str | None:
    """Return how a value is called in the text, None for one that is not in it.

    Example:
        >>> name_of("caching.max_age.404"), name_of("origin.set_origin")
        ('max_age.404', None)
    """
    if key in SHORT:
        return SHORT[key]
    return next(
        (f"{short}.{key[len(start) :]}" for start, short in BY_STATUS.items() if key.startswith(start)), None
    )


def plain_settings(entries: Sequence[FeatureEntry]) -> Iterator[str]:
    """Yield the entries of the text for values that need no code.

    Args:
        entries: What a rule sets.
    """
    for entry in entries:
        name = name_of(entry.key)
        if name is None or entry.key in (
            keys.response.set_response_body,
            keys.response.compress_content_types,
        ):
            continue
        if entry.key == keys.response.set_status_code and isinstance(entry.value, str):
            continue
        yield setting(name, _written(entry.key, entry.value))


def _written(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if key == keys.caching.purge_tags:
        return " ".join(f"t:{tag_text(tag)}" for tag in value)
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(getattr(value, "seconds", getattr(value, "bytes", value)))


def last(where: str, name: str) -> Vcl:
    """Return the expression of the last value of a name; it is to be used where there is one."""
    return Vcl(f'regsub({where}.http.pr_set, "^.*\\t{name}=([^\\t]*)\\t.*\\z", "\\1")')
