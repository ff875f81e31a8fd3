"""What of the rules VCL can express, and which rules of edge behaviour Varnish follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prefetchrouter.catalog import keys
from prefetchrouter.lowering.readings import reading_of
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.variables import NAMESPACES, all_variables
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.support import (
    CONSTRUCTS,
    FULL,
    OPERATORS,
    Support,
    SupportTable,
    approximate,
    none,
)
from prefetchrouter.targets.value_forms import VALUE_FORMS

_FULL: Final = (
    keys.access.deny_access, keys.caching.bypass_cache, keys.caching.bypass_client_cache,
    keys.caching.cache_control_header_treatment, keys.caching.cache_key, keys.caching.cache_key_query_string,
    keys.caching.cache_key_rewrite, keys.caching.cacheable_status_codes,
    keys.caching.client_max_age, keys.caching.default_internal_max_age,
    keys.caching.enable_caching_for_methods, keys.caching.expires_header_treatment,
    keys.caching.honor_no_cache_request_header, keys.caching.ignore_origin_no_cache,
    keys.caching.ignore_unsatisfiable_ranges, keys.caching.max_age,
    keys.caching.partial_cache_sharing_min_hit_size, keys.caching.prevalidate_cached_content,
    keys.caching.purge_tags, keys.caching.refresh_zero_byte_cache_files,
    keys.caching.revalidate_after_origin_unavailable, keys.caching.revalidate_while_stale_timer,
    keys.caching.service_worker_max_age, keys.caching.stale_on_error, keys.caching.stale_while_revalidate,
    keys.headers.add_response_headers, keys.headers.age_response_header, keys.headers.debug_header,
    keys.headers.remove_origin_response_headers, keys.headers.remove_response_headers,
    keys.headers.set_client_ip_custom_header, keys.headers.set_origin_response_headers,
    keys.headers.set_request_headers, keys.headers.set_response_headers, keys.nel.disabled,
    keys.origin.origin_failover_codes, keys.origin.proxy_special_headers, keys.origin.read_idle_timeout,
    keys.origin.set_origin,
    keys.response.allow_prefetching_uncached_content, keys.response.set_done,
    keys.response.set_status_code, keys.speculation.eagerness, keys.speculation.prerender,
    keys.url.url_redirect, keys.url.url_rewrite, keys.set_variables,
    "comment",
)  # fmt: skip

_APPROXIMATE: Final[dict[str, Support]] = {
    keys.url.follow_redirects: approximate("only redirects of a GET are followed"),
    keys.caching.cacheable_request_body_size: approximate(
        "a body that is sent in chunks, without Content-Length, is never part of a key"
    ),
    f"{keys.caching.cache_key}.sort_query_params": approximate(
        "parameters of one name are sorted by their values, so their order does not count",
        nearest="name the parameters that count in include_query_params",
    ),
    keys.response.compress_content_types: approximate(
        "with such a rule origins may send only gzip or no encoding, on all pages: br ends here"
    ),
    keys.response.set_response_body: approximate(
        "where only the body of the origin's response is replaced, only its common headers stay"
    ),
}

_NONE: Final[dict[str, Support]] = {
    keys.access.token_auth: none("Varnish has no tokens", nearest="check them in the origin"),
    keys.access.token_auth_denial_code: none("Varnish has no tokens"),
    keys.access.token_auth_ignore_url_case: none("Varnish has no tokens"),
    keys.access.token_auth_parameter: none("Varnish has no tokens"),
    keys.access.token_auth_keys: none("Varnish has no tokens"),
    keys.caching.add_early_hints: none("Varnish sends no 103", nearest="set a link response header"),
    keys.caching.enable_early_hints: none("Varnish sends no 103"),
    keys.caching.bandwidth_throttling: none("Varnish sends as fast as clients take it"),
    keys.caching.h264_support: none("videos are files like others; byte ranges seek in them"),
    keys.caching.h264_support_video_seek_params: none("videos are files like others"),
    keys.caching.allow_empty_query_in_cache_key: none("reserved; its meaning is undocumented"),
    keys.caching.first_hit_caching: none("reserved; a response is stored at its first request"),
    keys.caching.streaming_optimization: none("live streams are cached as their rules and origin say"),
    keys.client.quic: none("Varnish speaks no QUIC", nearest="a proxy in front of it that does"),
    keys.headers.server_timing_header: none("reserved; Cache-Status says what the cache did"),
    keys.logs.custom_log_field_format: none("the log line is that of docs/varnish.md"),
    keys.logs.custom_field: none("the log line is that of docs/varnish.md"),
    keys.logs.log_query_string: none("the log line has whole URLs"),
    keys.logs.mask_client_subnet: none("the log line has whole addresses"),
    keys.mtls.forward_client_certificate_to_origin: none("reserved; TLS ends in front of Varnish"),
    keys.origin.max_keep_alive_requests: none("connections to origins are kept as long as both sides like"),
    keys.response.optimize_images: none("images are sent as the origin made them"),
    keys.response.retry_from_hostname: none("reserved; list several hosts for an origin"),
    keys.edge_function: none("no JavaScript runs in Varnish"),
}

_UNKNOWN_FACT: Final = approximate("known only if `serve --fact` says it, or a proxy in front by a header")

_EDGE_RULES: Final[dict[str, Support]] = {
    **dict.fromkeys(EDGE_RULES, FULL),
    "E2": approximate(
        "what Varnish itself refuses, such as two Host headers, gets a 400 without headers, and a head over"
        " 64 KiB no answer; a path with a"
        " semicolon is refused whatever rules apply without it, unless the property has"
        ' path_parameters="keep"'
    ),
    "E10": approximate("a 206 that was not asked for counts as a failed fetch"),
    "E13": approximate(
        "blanks around the commas of a header that Vary names make a difference, but in Accept and"
        " Accept-Language"
    ),
    "E16": approximate(
        "an empty response is requested again instead of being validated, and so is one that expired before"
        " a failure"
    ),
    "E24": approximate("with several ranges the client gets the whole response"),
    "E25": approximate("a compressed response is validated with its weak ETag, and no range of it is sent"),
    "E27": approximate("a response that breaks off early gets 502 instead of being cut"),
    "E29": approximate("a link that carries a POST is answered from what is stored, else refused with 412"),
    "E30": approximate("x-ec-cache-key is the key as Varnish has it"),
    "E31": approximate(
        "only redirects of a GET are followed; after two URLs with other lifetimes, and where one of them"
        " has another cache_key, the response is not stored, and no refresh in the background follows one"
    ),
    "E38": approximate(
        "a response that the origin has not begun to send is stored; a URL is named as the cache key has it"
    ),
}

_VALUE_FORMS: Final[dict[str, Support]] = {
    **dict.fromkeys(VALUE_FORMS, FULL),
    "header name with a dot": none("VCL cannot name such a header"),
}

_HEADERS_OF_FACTS: Final = ("location", "device", "mtls", "pop_code")


def _variables() -> Iterator[tuple[str, Support]]:
    """Yield all variables; what no request says, Varnish does not know."""
    yield from ((f"{namespace}.*", FULL) for namespace in NAMESPACES)  # such as `variable.arg_id`
    for found in all_variables():
        name = f"{found.namespace}.{found.name}"
        reading = reading_of(variable(found.namespace, "x" if "<" in found.name else found.name))
        is_unknown = found.namespace in _HEADERS_OF_FACTS or reading.kind in ("fact", "cache-status")
        yield f"{found.namespace}.*" if "<" in found.name else name, _UNKNOWN_FACT if is_unknown else FULL


SUPPORT: Final = SupportTable(
    variables=dict(_variables()),
    features={**dict.fromkeys(map(str, _FULL), FULL), **_APPROXIMATE, **_NONE},
    operators=dict.fromkeys(OPERATORS, FULL),
    constructs=dict.fromkeys(CONSTRUCTS, FULL),
    edge_rules=_EDGE_RULES,
    value_forms=_VALUE_FORMS,
)
"""What this target supports."""
