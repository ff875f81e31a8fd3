"""What editors and type checkers see of features; checked by `make check`, never run.

A line that a checker must refuse carries an ignore comment, and an ignore comment without need is an error.
"""

from __future__ import annotations

from typing import assert_type

from prefetchrouter.rules.duration import Duration
from prefetchrouter.rules.features import (
    CacheKeyOptions,
    CachingFeatures,
    Features,
    HeadersFeatures,
    OriginFeatures,
    ResponseFeatures,
    ShieldedFlag,
    UrlFeatures,
    UrlRewrite,
    features_from,
)
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.rules.typed.sections import CachingDict
from prefetchrouter.rules.variables import VariableSpec, lookup

# A mapping with the right keys and values is accepted, plain or made of models.
as_mapping: FeaturesDict = {
    "caching": {"max_age": {"200": "1h"}, "cache_key": {"include_headers": ["x-a"]}},
    "headers": {"set_response_headers": {"x-tier": "gold", "x-path": {"request": "path"}}},
    "origin": OriginFeatures(set_origin="web"),
    "url": {"url_rewrite": [{"source": "/a"}, UrlRewrite(source="/b")]},
    "comment": "a note",
}
features = Features(**as_mapping)

assert_type(features, Features)
assert_type(features.caching, CachingFeatures | None)
assert_type(features.origin, OriginFeatures | None)
assert_type(features_from({"caching": {}}), Features)
assert_type(Duration("1h"), Duration)
assert_type(Duration("1h").seconds, int)
assert_type(OriginFeatures(set_origin="web").set_origin, str | None)
assert_type(CachingFeatures(max_age="1h").service_worker_max_age, Duration | None)
assert_type(CachingFeatures(bypass_cache=True).bypass_client_cache, bool | ShieldedFlag | None)
assert_type(CachingFeatures(ignore_origin_no_cache=(200, 404)).ignore_origin_no_cache, tuple[int, ...] | None)
assert_type(UrlFeatures(url_rewrite=[]).url_rewrite, tuple[UrlRewrite, ...] | None)
assert_type(lookup("request", "path"), VariableSpec | None)

# A wrong section, feature or value is refused.
Features(cachng={})  # type: ignore[call-arg]
Features(caching={"max_agee": "1h"})  # type: ignore[arg-type]
Features(caching={"bypass_cache": "yes"})  # type: ignore[arg-type]
CachingFeatures(max_age=3600)  # type: ignore[arg-type]
CachingFeatures(maxAge="1h")  # type: ignore[call-arg]
CachingFeatures(enable_caching_for_methods=["PATCH"])  # type: ignore[list-item]
CachingFeatures(cache_control_header_treatment="replace")  # type: ignore[arg-type]
CachingFeatures(cacheable_status_codes=["404"])  # type: ignore[list-item]
CachingFeatures(bandwidth_throttling={"prebuf_seconds": 5})  # type: ignore[arg-type]
CacheKeyOptions(include_hostname=False)  # type: ignore[arg-type]
HeadersFeatures(remove_response_headers="server")  # type: ignore[arg-type]
HeadersFeatures(set_request_headers={"x": 1})  # type: ignore[dict-item]
ResponseFeatures(set_done="yes")  # type: ignore[arg-type]
ShieldedFlag(value=True)  # type: ignore[call-arg]
wrong: CachingDict = {"max_age": "1h", "stale": True}  # type: ignore[typeddict-unknown-key]
