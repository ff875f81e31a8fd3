"""When each feature acts: the one table that says in which phases of a request its value is looked up.

    rewrite   first, on the URL as it came; then the rules are read again, for the new URL
    early     before the cache: where a request goes, its key, what answers it without the cache
    keep      a response has come from the origin: whether it is stored, for how long, with which headers
    client    each time a response is used for a client: what the client gets

Before there is a response no condition on it can count: in the phases `rewrite` and `early` a branch with
such a condition ends its chain, and in `client` for a response that the edge makes itself. `keep` and
`client` walk the rules again with the response. A feature that can answer a request, such as `deny_access`,
acts in `early` and, where a condition on the response leads to it, in `client`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.feature_specs import feature_of

Phase: TypeAlias = Literal["rewrite", "early", "keep", "client"]

PHASES: Final[tuple[Phase, ...]] = get_args(Phase)
"""The phases, in the order in which a request goes through them."""

BEFORE_RESPONSE: Final[frozenset[Phase]] = frozenset({"rewrite", "early"})
"""The phases in which no condition on the response is true or false."""

_REWRITE: tuple[str, ...] = (keys.url.url_rewrite,)
_EARLY: tuple[str, ...] = (
    keys.access.token_auth, keys.access.token_auth_denial_code, keys.access.token_auth_ignore_url_case,
    keys.access.token_auth_keys, keys.access.token_auth_parameter, keys.caching.add_early_hints,
    keys.caching.cache_key, keys.caching.cache_key_query_string, keys.caching.cache_key_rewrite,
    keys.caching.cacheable_request_body_size, keys.caching.honor_no_cache_request_header,
    keys.caching.revalidate_while_stale_timer, keys.edge_function, keys.headers.debug_header,
    keys.headers.set_client_ip_custom_header, keys.headers.set_request_headers,
    keys.mtls.forward_client_certificate_to_origin, keys.origin.max_keep_alive_requests,
    keys.origin.origin_failover_codes, keys.origin.proxy_special_headers, keys.origin.read_idle_timeout,
    keys.origin.set_origin, keys.response.allow_prefetching_uncached_content, keys.set_variables,
    keys.url.url_redirect,
)  # fmt: skip
_EARLY_AND_KEEP: tuple[str, ...] = (keys.caching.bypass_cache, keys.caching.enable_caching_for_methods)
_EARLY_AND_CLIENT: tuple[str, ...] = (
    keys.access.deny_access, keys.response.set_done, keys.response.set_response_body,
    keys.response.set_status_code,
)  # fmt: skip
_KEEP: tuple[str, ...] = (
    keys.caching.allow_empty_query_in_cache_key, keys.caching.cacheable_status_codes,
    keys.caching.default_internal_max_age, keys.caching.first_hit_caching,
    keys.caching.ignore_origin_no_cache, keys.caching.max_age,
    keys.caching.partial_cache_sharing_min_hit_size, keys.caching.purge_tags,
    keys.caching.revalidate_after_origin_unavailable, keys.caching.stale_on_error,
    keys.caching.stale_while_revalidate, keys.caching.streaming_optimization,
    keys.headers.remove_origin_response_headers, keys.headers.set_origin_response_headers,
    keys.response.retry_from_hostname, keys.url.follow_redirects,
)  # fmt: skip
_CLIENT: tuple[str, ...] = (
    keys.caching.bandwidth_throttling, keys.caching.bypass_client_cache,
    keys.caching.cache_control_header_treatment, keys.caching.client_max_age,
    keys.caching.enable_early_hints, keys.caching.expires_header_treatment, keys.caching.h264_support,
    keys.caching.h264_support_video_seek_params, keys.caching.ignore_unsatisfiable_ranges,
    keys.caching.prevalidate_cached_content, keys.caching.refresh_zero_byte_cache_files,
    keys.caching.service_worker_max_age, keys.client.quic, keys.headers.add_response_headers,
    keys.headers.age_response_header, keys.headers.remove_response_headers,
    keys.headers.server_timing_header, keys.headers.set_response_headers,
    keys.logs.custom_field, keys.logs.custom_log_field_format, keys.logs.log_query_string,
    keys.logs.mask_client_subnet, keys.nel.disabled, keys.response.compress_content_types,
    keys.response.optimize_images,
)  # fmt: skip

PHASES_OF: Final[Mapping[str, tuple[Phase, ...]]] = {
    **dict.fromkeys(_REWRITE, ("rewrite",)),
    **dict.fromkeys(_EARLY, ("early",)),
    **dict.fromkeys(_EARLY_AND_KEEP, ("early", "keep")),
    **dict.fromkeys(_EARLY_AND_CLIENT, ("early", "client")),
    **dict.fromkeys(_KEEP, ("keep",)),
    **dict.fromkeys(_CLIENT, ("client",)),
    # Browsers act on these by themselves.
    **dict.fromkeys((keys.speculation.eagerness, keys.speculation.prerender), ()),
    "comment": (),
}
"""The phases of each feature that some engine has; one without a row acts in none."""


def acts_in(key: str, phase: Phase) -> bool:
    """Return whether the feature of a key acts in a phase.

    Args:
        key: The key of a value, such as ``"caching.max_age.200"``.
        phase: The phase.

    Example:
        >>> acts_in("caching.max_age.200", "keep"), acts_in("origin.set_origin", "keep")
        (True, False)
    """
    spec = feature_of(key)
    return spec is not None and phase in PHASES_OF.get(spec.key, ())
