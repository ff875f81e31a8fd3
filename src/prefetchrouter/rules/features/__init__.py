"""The features: one model per section, `Features` for all sections of a branch."""

from prefetchrouter.rules.features.access import Access, TokenAuthDenialCode, TokenAuthKeys
from prefetchrouter.rules.features.cache_key import CacheKeyOptions, CacheKeyQueryString, CacheKeyRewrite
from prefetchrouter.rules.features.caching import BandwidthThrottling, Caching, VideoSeekParameters
from prefetchrouter.rules.features.client import Client, Mtls, Nel
from prefetchrouter.rules.features.features import Features, features_from
from prefetchrouter.rules.features.headers import Headers
from prefetchrouter.rules.features.logs import Logs
from prefetchrouter.rules.features.origin import Origin
from prefetchrouter.rules.features.reserved import reserved_headers
from prefetchrouter.rules.features.response import Response
from prefetchrouter.rules.features.rewrite_checks import SLASH_AND_QUERY, rewrite_warnings
from prefetchrouter.rules.features.section import Section, items, written
from prefetchrouter.rules.features.shielded import (
    ShieldedDuration,
    ShieldedFlag,
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
    ShieldedTreatment,
)
from prefetchrouter.rules.features.url import Url, UrlRedirect, UrlRewrite

__all__ = [
    "SLASH_AND_QUERY",
    "Access",
    "BandwidthThrottling",
    "CacheKeyOptions",
    "CacheKeyQueryString",
    "CacheKeyRewrite",
    "Caching",
    "Client",
    "Features",
    "Headers",
    "Logs",
    "Mtls",
    "Nel",
    "Origin",
    "Response",
    "Section",
    "ShieldedDuration",
    "ShieldedFlag",
    "ShieldedHeaderNames",
    "ShieldedRequestHeaders",
    "ShieldedResponseHeaders",
    "ShieldedTreatment",
    "TokenAuthDenialCode",
    "TokenAuthKeys",
    "Url",
    "UrlRedirect",
    "UrlRewrite",
    "VideoSeekParameters",
    "features_from",
    "items",
    "reserved_headers",
    "rewrite_warnings",
    "written",
]
