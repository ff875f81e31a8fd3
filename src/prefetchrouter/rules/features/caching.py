"""The `caching` section: how long edges and browsers store a response, and when they may reuse it."""

from typing import TYPE_CHECKING, Annotated, get_args

from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.features import value_checks
from prefetchrouter.rules.features.cache_key_options import (
    CacheKeyOptions,
    CacheKeyQueryString,
    CacheKeyRewrite,
)
from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import (
    Age,
    Bytes,
    CachedMethods,
    Extensions,
    Flag,
    Integer,
    Lines,
    Natural,
    PurgeTags,
    SignedAge,
    Span,
    Statuses,
    Treatment,
    or_options,
    signed_duration,
)
from prefetchrouter.rules.features.media import BandwidthThrottling, VideoSeekParameters
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.shielded import ShieldedDuration, ShieldedFlag, ShieldedTreatment
from prefetchrouter.rules.features.value_checks import Checked

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed


FlagOrShielded = Annotated[
    bool | ShieldedFlag,
    Checked(
        or_options(value_checks.flag, ShieldedFlag), bool | ShieldedFlag, "true or false, or the long form"
    ),
]
TreatmentOrShielded = Annotated[
    Treatment | ShieldedTreatment,
    Checked(
        or_options(value_checks.choice(*get_args(Treatment)), ShieldedTreatment),
        Treatment | ShieldedTreatment,
        '"pass", "overwrite", "if_missing", "remove", or the long form',
    ),
]
ClientAge = Annotated[
    Duration | ShieldedDuration,
    Checked(
        or_options(signed_duration, ShieldedDuration),
        str | ShieldedDuration,
        "duration, may be negative, or the long form",
    ),
]


class CachingFeatures(Section, section="caching", example='{"max_age": "1h"}'):
    """The features of the `caching` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> CachingFeatures(max_age="1h", stale_while_revalidate="1d").max_age
        '1h'
    """

    add_early_hints: Given[Lines] = feature(
        "Sends a 103 response with these Link values before a response that is not stored.",
        phase="request",
        example=["</app.css>; rel=preload; as=style"],
    )
    bandwidth_throttling: Given[BandwidthThrottling] = feature(
        "Slows delivery down to a ceiling.", example={"kbytes_per_sec": 256, "prebuf_seconds": 5}
    )
    bypass_cache: Given[Flag] = feature(
        "Goes to the origin every time; the edge stores nothing.",
        default=False,
        in_manifest=True,
        prefetching="not-true",
        elsewhere=("no_cache", "no_store", "bypass"),
    )
    bypass_client_cache: Given[FlagOrShielded] = feature(
        "Tells browsers to store nothing.", default=False, in_manifest=True
    )
    cache_control_header_treatment: Given[TreatmentOrShielded] = feature(
        "What becomes of the origin's Cache-Control while client_max_age is set.",
        default="overwrite",
        example="if_missing",
    )
    cache_key: Given[CacheKeyOptions] = feature(
        "What the cache key has besides the path: query, headers, cookies, expressions.",
        default={"include_all_query_params": True},
        phase="request",
        example={"include_query_params": ["page"]},
    )
    cache_key_query_string: Given[CacheKeyQueryString] = feature(
        "Which query parameters the cache key has (older than cache_key).",
        default={"include_all": True},
        phase="request",
        example={"include": ["page"]},
    )
    cache_key_rewrite: Given[CacheKeyRewrite] = feature(
        "Rewrites the path and query of the cache key with a regular expression.",
        phase="request",
        example={"source": "/img/(.*)", "destination": "/$1"},
    )
    cacheable_request_body_size: Given[Bytes] = feature(
        "The largest request body with which a POST or PUT may still be cached.",
        default="14kB",
        phase="request",
        example="20kB",
    )
    cacheable_status_codes: Given[Statuses] = feature(
        "The status codes, besides 200, whose responses may be stored.", default=[200], example=[404]
    )
    enable_caching_for_methods: Given[CachedMethods] = feature(
        "The methods, besides GET, whose responses may be stored.", default=["GET"], example=["POST"]
    )
    enable_early_hints: Given[Flag] = feature(
        "Remembers the origin's Link headers and sends them as 103 responses.", default=False
    )
    expires_header_treatment: Given[TreatmentOrShielded] = feature(
        "What becomes of the origin's Expires while client_max_age is set.",
        default="overwrite",
        example="remove",
    )
    h264_support: Given[Extensions] = feature(
        "The file extensions served with H.264 seeking.", default=[".mp4", ".f4v"], example=[".mp4"]
    )
    h264_support_video_seek_params: Given[VideoSeekParameters] = feature(
        "The query parameters that seek in a video (reserved).",
        example={"seek_start": "from", "seek_end": "to"},
    )
    honor_no_cache_request_header: Given[Flag] = feature(
        "Forwards a request with no-cache to the origin.", default=False
    )
    ignore_origin_no_cache: Given[Statuses] = feature(
        "The status codes for which an origin's private, no-store and no-cache are overruled.",
        default=[],
        example=[200],
    )
    ignore_unsatisfiable_ranges: Given[Flag] = feature(
        "Sends the whole representation instead of a 416 for an unsatisfiable range.", default=False
    )
    partial_cache_sharing_min_hit_size: Given[Natural] = feature(
        "From this many bytes on, a body is sent to other clients while it is still being stored.",
        example=1000000,
    )
    prevalidate_cached_content: Given[Span] = feature(
        "How long before a stored response becomes stale it may be validated at the origin.", example="30s"
    )
    refresh_zero_byte_cache_files: Given[Flag] = feature(
        "Fetches stored responses with an empty body again.", default=False
    )
    revalidate_after_origin_unavailable: Given[Age] = feature(
        "How long a stale response may be served while the origin is unreachable.",
        default="2m",
        example="5m",
        merge="status",
    )
    revalidate_while_stale_timer: Given[Integer] = feature(
        "Seconds between two attempts to reach an origin that failed.", phase="request", example=10
    )
    client_max_age: Given[ClientAge] = feature(
        "How long browsers may reuse a response; negative means that it is already stale.",
        example="10m",
        elsewhere=("browser_max_age", "browser_ttl"),
    )
    default_internal_max_age: Given[SignedAge] = feature(
        "How long a response is fresh at the edge that an origin sent without a lifetime.",
        example="5m",
        merge="status",
    )
    max_age: Given[SignedAge] = feature(
        "How long a response is fresh at the edge, overall or by status code.",
        in_manifest=True,
        example="1h",
        merge="status",
        codes_from="cacheable_status_codes",
        prefetching="set",
        elsewhere=("ttl", "s_maxage", "edge_max_age", "max_age_seconds"),
    )
    service_worker_max_age: Given[Span] = feature(
        "How long the prefetching service worker reuses a response.",
        default="2m",
        in_manifest=True,
        example="10m",
        prefetching="positive",
        elsewhere=("service_worker", "service_worker_seconds"),
    )
    stale_on_error: Given[Flag] = feature("Serves a stale response when the origin fails.", default=False)
    stale_while_revalidate: Given[Span] = feature(
        "How long a stale response may be served while a fresh one is fetched.",
        example="1d",
        elsewhere=("swr", "stale"),
    )
    allow_empty_query_in_cache_key: Given[Flag] = feature(
        "About empty query strings in the cache key (reserved)."
    )
    first_hit_caching: Given[Flag] = feature("About storing a response at its first request (reserved).")
    streaming_optimization: Given[Flag] = feature(
        "Caches live streams so that the origin gets fewer requests."
    )
    purge_tags: Given[PurgeTags] = feature(
        "Up to ten tags by which stored responses can be purged.", example=["products"]
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.CachingDict]) -> None: ...
