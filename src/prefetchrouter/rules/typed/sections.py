"""What sections of features look like as mappings, for editors and type checkers.

Made by `scripts/make_typed_dicts.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from prefetchrouter.rules.features.cache_key import CacheKeyOptions, CacheKeyQueryString, CacheKeyRewrite
    from prefetchrouter.rules.features.media import BandwidthThrottling, VideoSeekParameters
    from prefetchrouter.rules.features.redirects import UrlRedirect, UrlRewrite
    from prefetchrouter.rules.features.shielded import (
        ShieldedDuration,
        ShieldedFlag,
        ShieldedHeaderNames,
        ShieldedRequestHeaders,
        ShieldedResponseHeaders,
        ShieldedTreatment,
    )
    from prefetchrouter.rules.features.token_auth import TokenAuthDenialCode, TokenAuthKeys
    from prefetchrouter.rules.typed.options import (
        BandwidthThrottlingDict,
        CacheKeyOptionsDict,
        CacheKeyQueryStringDict,
        CacheKeyRewriteDict,
        ShieldedDurationDict,
        ShieldedFlagDict,
        ShieldedHeaderNamesDict,
        ShieldedRequestHeadersDict,
        ShieldedResponseHeadersDict,
        ShieldedTreatmentDict,
        TokenAuthDenialCodeDict,
        TokenAuthKeysDict,
        UrlRedirectDict,
        UrlRewriteDict,
        VideoSeekParametersDict,
    )


class AccessDict(TypedDict, total=False):
    """The keys of `AccessFeatures`, to annotate a mapping."""

    deny_access: bool
    """Answers every request with 403."""
    token_auth: bool
    """Serves only requests that carry a valid token."""
    token_auth_denial_code: TokenAuthDenialCodeDict | TokenAuthDenialCode
    """The response to a request with an invalid token."""
    token_auth_ignore_url_case: bool
    """Ignores letter case in the URLs of a token."""
    token_auth_parameter: str
    """The query parameter that carries the token."""
    token_auth_keys: TokenAuthKeysDict | TokenAuthKeys
    """The keys that decrypt tokens, and the versions they accept."""


class CachingDict(TypedDict, total=False):
    """The keys of `CachingFeatures`, to annotate a mapping."""

    add_early_hints: list[str] | tuple[str, ...]
    """Sends a 103 response with these Link values before a response that is not stored."""
    bandwidth_throttling: BandwidthThrottlingDict | BandwidthThrottling
    """Slows delivery down to a ceiling."""
    bypass_cache: bool
    """Goes to the origin every time; the edge stores nothing."""
    bypass_client_cache: bool | ShieldedFlagDict | ShieldedFlag
    """Tells browsers to store nothing."""
    cache_control_header_treatment: (
        Literal["pass", "overwrite", "if_missing", "remove"] | ShieldedTreatmentDict | ShieldedTreatment
    )
    """What becomes of the origin's Cache-Control while client_max_age is set."""
    cache_key: CacheKeyOptionsDict | CacheKeyOptions
    """What the cache key has besides the path: query, headers, cookies, expressions."""
    cache_key_query_string: CacheKeyQueryStringDict | CacheKeyQueryString
    """Which query parameters the cache key has (older than cache_key)."""
    cache_key_rewrite: CacheKeyRewriteDict | CacheKeyRewrite
    """Rewrites the path and query of the cache key with a regular expression."""
    cacheable_request_body_size: str
    """The largest request body with which a POST or PUT may still be cached."""
    cacheable_status_codes: Sequence[int]
    """The status codes, besides 200, whose responses may be stored."""
    enable_caching_for_methods: Sequence[Literal["GET", "POST", "PUT"]]
    """The methods, besides GET, whose responses may be stored."""
    enable_early_hints: bool
    """Remembers the origin's Link headers and sends them as 103 responses."""
    expires_header_treatment: (
        Literal["pass", "overwrite", "if_missing", "remove"] | ShieldedTreatmentDict | ShieldedTreatment
    )
    """What becomes of the origin's Expires while client_max_age is set."""
    h264_support: list[str] | tuple[str, ...]
    """The file extensions served with H.264 seeking."""
    h264_support_video_seek_params: VideoSeekParametersDict | VideoSeekParameters
    """The query parameters that seek in a video (reserved)."""
    honor_no_cache_request_header: bool
    """Forwards a request with no-cache to the origin."""
    ignore_origin_no_cache: Sequence[int]
    """The status codes for which an origin's private, no-store and no-cache are overruled."""
    ignore_unsatisfiable_ranges: bool
    """Sends the whole representation instead of a 416 for an unsatisfiable range."""
    partial_cache_sharing_min_hit_size: int
    """From this many bytes on, a body is sent to other clients while it is still being stored."""
    prevalidate_cached_content: str
    """How long before a stored response becomes stale it may be validated at the origin."""
    refresh_zero_byte_cache_files: bool
    """Fetches stored responses with an empty body again."""
    revalidate_after_origin_unavailable: str | Mapping[str, str] | Mapping[int, str]
    """How long a stale response may be served while the origin is unreachable."""
    revalidate_while_stale_timer: int
    """Seconds between two attempts to reach an origin that failed."""
    client_max_age: str | ShieldedDurationDict | ShieldedDuration
    """How long browsers may reuse a response; negative means that it is already stale."""
    default_internal_max_age: str | Mapping[str, str] | Mapping[int, str]
    """How long a response is fresh at the edge that an origin sent without a lifetime."""
    max_age: str | Mapping[str, str] | Mapping[int, str]
    """How long a response is fresh at the edge, overall or by status code."""
    service_worker_max_age: str
    """How long the prefetching service worker reuses a response."""
    stale_on_error: bool
    """Serves a stale response when the origin fails."""
    stale_while_revalidate: str
    """How long a stale response may be served while a fresh one is fetched."""
    allow_empty_query_in_cache_key: bool
    """About empty query strings in the cache key (reserved)."""
    first_hit_caching: bool
    """About storing a response at its first request (reserved)."""
    streaming_optimization: bool
    """Caches live streams so that the origin gets fewer requests."""
    purge_tags: list[str] | tuple[str, ...]
    """Up to ten tags by which stored responses can be purged."""


class ClientDict(TypedDict, total=False):
    """The keys of `ClientFeatures`, to annotate a mapping."""

    quic: bool
    """Offers QUIC (reserved)."""


class HeadersDict(TypedDict, total=False):
    """The keys of `HeadersFeatures`, to annotate a mapping."""

    add_response_headers: (
        Mapping[str, str]
        | Mapping[str, str | Mapping[str, Any]]
        | ShieldedResponseHeadersDict
        | ShieldedResponseHeaders
    )
    """Adds headers to the response, besides those of the same name."""
    age_response_header: bool
    """Sends an Age header, computed by the edge."""
    debug_header: bool
    """Lets a request ask for headers that explain caching."""
    remove_origin_response_headers: list[str] | tuple[str, ...]
    """Removes headers of the origin's response."""
    remove_response_headers: list[str] | tuple[str, ...] | ShieldedHeaderNamesDict | ShieldedHeaderNames
    """Removes headers of the response to the visitor."""
    server_timing_header: bool
    """Sends a Server-Timing header (reserved)."""
    set_client_ip_custom_header: str
    """The request header in which the origin finds the visitor's address."""
    set_origin_response_headers: Mapping[str, str] | Mapping[str, str | Mapping[str, Any]]
    """Sets response headers as if the origin had sent them."""
    set_request_headers: Mapping[str, str] | ShieldedRequestHeadersDict | ShieldedRequestHeaders
    """Sets headers on the request to the origin."""
    set_response_headers: (
        Mapping[str, str]
        | Mapping[str, str | Mapping[str, Any]]
        | ShieldedResponseHeadersDict
        | ShieldedResponseHeaders
    )
    """Sets headers on the response to the visitor."""


class LogsDict(TypedDict, total=False):
    """The keys of `LogsFeatures`, to annotate a mapping."""

    custom_log_field_format: str
    """The text of the custom log field; %{Name}i and %{Name}o stand for headers."""
    custom_field: str
    """A custom log value that is not described further."""
    log_query_string: bool
    """Writes query strings to the logs."""
    mask_client_subnet: bool
    """Hides the end of visitors' addresses in the logs."""


class MtlsDict(TypedDict, total=False):
    """The keys of `Mtls`, to annotate a mapping."""

    forward_client_certificate_to_origin: bool
    """Forwards the visitor's certificate to the origin (reserved)."""


class NelDict(TypedDict, total=False):
    """The keys of `Nel`, to annotate a mapping."""

    disabled: bool
    """Switches Network Error Logging off, for all requests."""


class OriginDict(TypedDict, total=False):
    """The keys of `OriginFeatures`, to annotate a mapping."""

    max_keep_alive_requests: int
    """How many requests one kept-alive connection carries."""
    origin_failover_codes: Sequence[int]
    """The status codes after which another origin is tried."""
    proxy_special_headers: list[str] | tuple[str, ...]
    """Of the request headers that the edge adds, the ones that the origin gets."""
    read_idle_timeout: float
    """Seconds of silence after which a connection is closed."""
    set_origin: str
    """The name of the origin for requests that are not answered from the cache."""


class ResponseDict(TypedDict, total=False):
    """The keys of `ResponseFeatures`, to annotate a mapping."""

    allow_prefetching_uncached_content: bool
    """Forwards a prefetch to the origin when no response is stored."""
    compress_content_types: list[str] | tuple[str, ...]
    """The media types that the edge compresses."""
    optimize_images: bool
    """Lets the edge resize and convert images."""
    retry_from_hostname: str
    """The host name for a second attempt (reserved)."""
    set_done: bool
    """The edge responds itself, without a request to the origin."""
    set_response_body: str
    """The text of the response, instead of any other."""
    set_status_code: int | str
    """The status code of the response."""


class SpeculationDict(TypedDict, total=False):
    """The keys of `SpeculationFeatures`, to annotate a mapping."""

    eagerness: Literal["conservative", "moderate", "eager", "immediate"]
    """How soon browsers speculate on a link: when it is clicked, pointed at, in view, or at once."""
    prerender: bool
    """Lets browsers also render the page before the click, which runs its scripts."""


class UrlDict(TypedDict, total=False):
    """The keys of `UrlFeatures`, to annotate a mapping."""

    follow_redirects: bool
    """The edge follows an origin's redirect itself."""
    url_redirect: UrlRedirectDict | UrlRedirect
    """Redirects the visitor to another URL."""
    url_rewrite: Sequence[UrlRewriteDict | UrlRewrite]
    """Rewrites the path of the request, before all other features."""
