"""The key of every feature, with the type of its value: a key that is not here cannot be written.

Made by `scripts/make_keys.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from prefetchrouter.catalog.key import HeaderKey, Key, NamedKey, StatusKey

if TYPE_CHECKING:
    from prefetchrouter.rules.duration import Duration
    from prefetchrouter.rules.features import (
        BandwidthThrottling,
        CacheKeyOptions,
        CacheKeyQueryString,
        CacheKeyRewrite,
        TokenAuthDenialCode,
        TokenAuthKeys,
        UrlRedirect,
        UrlRewrite,
        VideoSeekParameters,
    )
    from prefetchrouter.rules.size import Size


class access:
    """The keys of the `access` section."""

    deny_access: Final[Key[bool]] = Key("access.deny_access")
    """Answers every request with 403."""
    token_auth: Final[Key[bool]] = Key("access.token_auth")
    """Serves only requests that carry a valid token."""
    token_auth_denial_code: Final[Key[TokenAuthDenialCode]] = Key("access.token_auth_denial_code")
    """The response to a request with an invalid token."""
    token_auth_ignore_url_case: Final[Key[bool]] = Key("access.token_auth_ignore_url_case")
    """Ignores letter case in the URLs of a token."""
    token_auth_parameter: Final[Key[str]] = Key("access.token_auth_parameter")
    """The query parameter that carries the token."""
    token_auth_keys: Final[Key[TokenAuthKeys]] = Key("access.token_auth_keys")
    """The keys that decrypt tokens, and the versions they accept."""


class caching:
    """The keys of the `caching` section."""

    add_early_hints: Final[Key[tuple[str, ...]]] = Key("caching.add_early_hints")
    """Sends a 103 response with these Link values before a response that is not stored."""
    bandwidth_throttling: Final[Key[BandwidthThrottling]] = Key("caching.bandwidth_throttling")
    """Slows delivery down to a ceiling."""
    bypass_cache: Final[Key[bool]] = Key("caching.bypass_cache")
    """Goes to the origin every time; the edge stores nothing."""
    bypass_client_cache: Final[Key[bool]] = Key("caching.bypass_client_cache")
    """Tells browsers to store nothing."""
    cache_control_header_treatment: Final[Key[Literal["pass", "overwrite", "if_missing", "remove"]]] = Key(
        "caching.cache_control_header_treatment"
    )
    """What becomes of the origin's Cache-Control while client_max_age is set."""
    cache_key: Final[Key[CacheKeyOptions]] = Key("caching.cache_key")
    """What the cache key has besides the path: query, headers, cookies, expressions."""
    cache_key_query_string: Final[Key[CacheKeyQueryString]] = Key("caching.cache_key_query_string")
    """Which query parameters the cache key has (older than cache_key)."""
    cache_key_rewrite: Final[Key[CacheKeyRewrite]] = Key("caching.cache_key_rewrite")
    """Rewrites the path and query of the cache key with a regular expression."""
    cacheable_request_body_size: Final[Key[Size]] = Key("caching.cacheable_request_body_size")
    """The largest request body with which a POST or PUT may still be cached."""
    cacheable_status_codes: Final[Key[tuple[int, ...]]] = Key("caching.cacheable_status_codes")
    """The status codes, besides 200, whose responses may be stored."""
    enable_caching_for_methods: Final[Key[tuple[Literal["GET", "POST", "PUT"], ...]]] = Key(
        "caching.enable_caching_for_methods"
    )
    """The methods, besides GET, whose responses may be stored."""
    enable_early_hints: Final[Key[bool]] = Key("caching.enable_early_hints")
    """Remembers the origin's Link headers and sends them as 103 responses."""
    expires_header_treatment: Final[Key[Literal["pass", "overwrite", "if_missing", "remove"]]] = Key(
        "caching.expires_header_treatment"
    )
    """What becomes of the origin's Expires while client_max_age is set."""
    h264_support: Final[Key[tuple[str, ...]]] = Key("caching.h264_support")
    """The file extensions served with H.264 seeking."""
    h264_support_video_seek_params: Final[Key[VideoSeekParameters]] = Key(
        "caching.h264_support_video_seek_params"
    )
    """The query parameters that seek in a video (reserved)."""
    honor_no_cache_request_header: Final[Key[bool]] = Key("caching.honor_no_cache_request_header")
    """Forwards a request with no-cache to the origin."""
    ignore_origin_no_cache: Final[Key[tuple[int, ...]]] = Key("caching.ignore_origin_no_cache")
    """The status codes for which an origin's private, no-store and no-cache are overruled."""
    ignore_unsatisfiable_ranges: Final[Key[bool]] = Key("caching.ignore_unsatisfiable_ranges")
    """Sends the whole representation instead of a 416 for an unsatisfiable range."""
    partial_cache_sharing_min_hit_size: Final[Key[int]] = Key("caching.partial_cache_sharing_min_hit_size")
    """From this many bytes on, a body is sent to other clients while it is still being stored."""
    prevalidate_cached_content: Final[Key[Duration]] = Key("caching.prevalidate_cached_content")
    """How long before a stored response becomes stale it may be validated at the origin."""
    refresh_zero_byte_cache_files: Final[Key[bool]] = Key("caching.refresh_zero_byte_cache_files")
    """Fetches stored responses with an empty body again."""
    revalidate_after_origin_unavailable: Final[StatusKey[Mapping[str, Duration], Duration]] = StatusKey(
        "caching.revalidate_after_origin_unavailable"
    )
    """How long a stale response may be served while the origin is unreachable."""
    revalidate_while_stale_timer: Final[Key[int]] = Key("caching.revalidate_while_stale_timer")
    """Seconds between two attempts to reach an origin that failed."""
    client_max_age: Final[Key[Duration]] = Key("caching.client_max_age")
    """How long browsers may reuse a response; negative means that it is already stale."""
    default_internal_max_age: Final[StatusKey[Mapping[str, Duration], Duration]] = StatusKey(
        "caching.default_internal_max_age"
    )
    """How long a response is fresh at the edge that an origin sent without a lifetime."""
    max_age: Final[StatusKey[Mapping[str, Duration], Duration]] = StatusKey("caching.max_age")
    """How long a response is fresh at the edge, overall or by status code."""
    service_worker_max_age: Final[Key[Duration]] = Key("caching.service_worker_max_age")
    """How long the prefetching service worker reuses a response."""
    stale_on_error: Final[Key[bool]] = Key("caching.stale_on_error")
    """Serves a stale response when the origin fails."""
    stale_while_revalidate: Final[Key[Duration]] = Key("caching.stale_while_revalidate")
    """How long a stale response may be served while a fresh one is fetched."""
    allow_empty_query_in_cache_key: Final[Key[bool]] = Key("caching.allow_empty_query_in_cache_key")
    """About empty query strings in the cache key (reserved)."""
    first_hit_caching: Final[Key[bool]] = Key("caching.first_hit_caching")
    """About storing a response at its first request (reserved)."""
    streaming_optimization: Final[Key[bool]] = Key("caching.streaming_optimization")
    """Caches live streams so that the origin gets fewer requests."""
    purge_tags: Final[Key[tuple[str, ...]]] = Key("caching.purge_tags")
    """Up to ten tags by which stored responses can be purged."""


class client:
    """The keys of the `client` section."""

    quic: Final[Key[bool]] = Key("client.quic")
    """Offers QUIC (reserved)."""


class headers:
    """The keys of the `headers` section."""

    add_response_headers: Final[
        HeaderKey[
            Mapping[str, tuple[str | Mapping[str, str | int], ...]], tuple[str | Mapping[str, str | int], ...]
        ]
    ] = HeaderKey("headers.add_response_headers")
    """Adds headers to the response, besides those of the same name."""
    age_response_header: Final[Key[bool]] = Key("headers.age_response_header")
    """Sends an Age header, computed by the edge."""
    debug_header: Final[Key[bool]] = Key("headers.debug_header")
    """Lets a request ask for headers that explain caching."""
    remove_origin_response_headers: Final[HeaderKey[tuple[str, ...], Literal[True]]] = HeaderKey(
        "headers.remove_origin_response_headers"
    )
    """Removes headers of the origin's response."""
    remove_response_headers: Final[HeaderKey[tuple[str, ...], Literal[True]]] = HeaderKey(
        "headers.remove_response_headers"
    )
    """Removes headers of the response to the visitor."""
    server_timing_header: Final[Key[bool]] = Key("headers.server_timing_header")
    """Sends a Server-Timing header (reserved)."""
    set_client_ip_custom_header: Final[Key[str]] = Key("headers.set_client_ip_custom_header")
    """The request header in which the origin finds the visitor's address."""
    set_origin_response_headers: Final[
        HeaderKey[
            Mapping[str, str | Mapping[str, str | int] | tuple[str | Mapping[str, str | int], ...]],
            str | Mapping[str, str | int],
        ]
    ] = HeaderKey("headers.set_origin_response_headers")
    """Sets response headers as if the origin had sent them."""
    set_request_headers: Final[HeaderKey[Mapping[str, str | tuple[str, ...]], str]] = HeaderKey(
        "headers.set_request_headers"
    )
    """Sets headers on the request to the origin."""
    set_response_headers: Final[
        HeaderKey[
            Mapping[str, str | Mapping[str, str | int] | tuple[str | Mapping[str, str | int], ...]],
            str | Mapping[str, str | int],
        ]
    ] = HeaderKey("headers.set_response_headers")
    """Sets headers on the response to the visitor."""


class logs:
    """The keys of the `logs` section."""

    custom_log_field_format: Final[Key[str]] = Key("logs.custom_log_field_format")
    """The text of the custom log field; %{Name}i and %{Name}o stand for headers."""
    custom_field: Final[Key[str]] = Key("logs.custom_field")
    """A custom log value that is not described further."""
    log_query_string: Final[Key[bool]] = Key("logs.log_query_string")
    """Writes query strings to the logs."""
    mask_client_subnet: Final[Key[bool]] = Key("logs.mask_client_subnet")
    """Hides the end of visitors' addresses in the logs."""


class mtls:
    """The keys of the `mtls` section."""

    forward_client_certificate_to_origin: Final[Key[bool]] = Key("mtls.forward_client_certificate_to_origin")
    """Forwards the visitor's certificate to the origin (reserved)."""


class nel:
    """The keys of the `nel` section."""

    disabled: Final[Key[bool]] = Key("nel.disabled")
    """Switches Network Error Logging off, for all requests."""


class origin:
    """The keys of the `origin` section."""

    max_keep_alive_requests: Final[Key[int]] = Key("origin.max_keep_alive_requests")
    """How many requests one kept-alive connection carries."""
    origin_failover_codes: Final[Key[tuple[int, ...]]] = Key("origin.origin_failover_codes")
    """The status codes after which another origin is tried."""
    proxy_special_headers: Final[Key[tuple[str, ...]]] = Key("origin.proxy_special_headers")
    """Of the request headers that the edge adds, the ones that the origin gets."""
    read_idle_timeout: Final[Key[int | float]] = Key("origin.read_idle_timeout")
    """Seconds of silence after which a connection is closed."""
    set_origin: Final[Key[str]] = Key("origin.set_origin")
    """The name of the origin for requests that are not answered from the cache."""


class response:
    """The keys of the `response` section."""

    allow_prefetching_uncached_content: Final[Key[bool]] = Key("response.allow_prefetching_uncached_content")
    """Forwards a prefetch to the origin when no response is stored."""
    compress_content_types: Final[Key[tuple[str, ...]]] = Key("response.compress_content_types")
    """The media types that the edge compresses."""
    optimize_images: Final[Key[bool]] = Key("response.optimize_images")
    """Lets the edge resize and convert images."""
    retry_from_hostname: Final[Key[str]] = Key("response.retry_from_hostname")
    """The host name for a second attempt (reserved)."""
    set_done: Final[Key[bool]] = Key("response.set_done")
    """The edge responds itself, without a request to the origin."""
    set_response_body: Final[Key[str]] = Key("response.set_response_body")
    """The text of the response, instead of any other."""
    set_status_code: Final[Key[int | str]] = Key("response.set_status_code")
    """The status code of the response."""


class speculation:
    """The keys of the `speculation` section."""

    eagerness: Final[Key[Literal["conservative", "moderate", "eager", "immediate"]]] = Key(
        "speculation.eagerness"
    )
    """How soon browsers speculate on a link: when it is clicked, pointed at, in view, or at once."""
    prerender: Final[Key[bool]] = Key("speculation.prerender")
    """Lets browsers also render the page before the click, which runs its scripts."""


class url:
    """The keys of the `url` section."""

    follow_redirects: Final[Key[bool]] = Key("url.follow_redirects")
    """The edge follows an origin's redirect itself."""
    url_redirect: Final[Key[UrlRedirect]] = Key("url.url_redirect")
    """Redirects the visitor to another URL."""
    url_rewrite: Final[Key[tuple[UrlRewrite, ...]]] = Key("url.url_rewrite")
    """Rewrites the path of the request, before all other features."""


edge_function: Final[Key[Mapping[str, Any]]] = Key("edge_function")
"""The file of a JavaScript function that the edge runs."""
set_variables: Final[NamedKey[Mapping[str, str], str]] = NamedKey("set_variables")
"""Named values for edge functions and custom logic."""
