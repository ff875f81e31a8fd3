"""The features: one model per section, `Features` for all sections of a branch."""

from prefetchrouter.rules.features.access import AccessFeatures
from prefetchrouter.rules.features.cache_key_options import (
    CacheKeyOptions,
    CacheKeyQueryString,
    CacheKeyRewrite,
)
from prefetchrouter.rules.features.caching import CachingFeatures
from prefetchrouter.rules.features.client import ClientFeatures, Mtls, Nel
from prefetchrouter.rules.features.features import Features, features_from
from prefetchrouter.rules.features.headers import HeadersFeatures
from prefetchrouter.rules.features.logs import LogsFeatures
from prefetchrouter.rules.features.media import BandwidthThrottling, VideoSeekParameters
from prefetchrouter.rules.features.origin import OriginFeatures
from prefetchrouter.rules.features.redirects import UrlRedirect, UrlRewrite
from prefetchrouter.rules.features.reserved import reserved_headers
from prefetchrouter.rules.features.response import ResponseFeatures
from prefetchrouter.rules.features.rewrite_checks import rewrite_warnings
from prefetchrouter.rules.features.rewrite_sources import SLASH_AND_QUERY
from prefetchrouter.rules.features.section import Section, items, written
from prefetchrouter.rules.features.shielded import (
    ShieldedDuration,
    ShieldedFlag,
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
    ShieldedTreatment,
)
from prefetchrouter.rules.features.speculation import SpeculationFeatures
from prefetchrouter.rules.features.token_auth import TokenAuthDenialCode, TokenAuthKeys
from prefetchrouter.rules.features.url import UrlFeatures

__all__ = [
    "SLASH_AND_QUERY",
    "AccessFeatures",
    "BandwidthThrottling",
    "CacheKeyOptions",
    "CacheKeyQueryString",
    "CacheKeyRewrite",
    "CachingFeatures",
    "ClientFeatures",
    "Features",
    "HeadersFeatures",
    "LogsFeatures",
    "Mtls",
    "Nel",
    "OriginFeatures",
    "ResponseFeatures",
    "Section",
    "ShieldedDuration",
    "ShieldedFlag",
    "ShieldedHeaderNames",
    "ShieldedRequestHeaders",
    "ShieldedResponseHeaders",
    "ShieldedTreatment",
    "SpeculationFeatures",
    "TokenAuthDenialCode",
    "TokenAuthKeys",
    "UrlFeatures",
    "UrlRedirect",
    "UrlRewrite",
    "VideoSeekParameters",
    "features_from",
    "items",
    "reserved_headers",
    "rewrite_warnings",
    "written",
]
