"""What of the rules nginx can do, and of the edge's behaviour around them."""

from __future__ import annotations

from typing import Final

from prefetchrouter.catalog import keys
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.support import (
    CONSTRUCTS,
    FULL,
    OPERATORS,
    Support,
    SupportTable,
    approximate,
    full,
    none,
)
from prefetchrouter.targets.value_forms import VALUE_FORMS

_NO_TOKENS: Final = none(
    "no token is checked: nginx would serve everybody", nearest="check tokens at the origin"
)
_RESERVED: Final = none("reserved")
_VIDEO: Final = none("videos are files like others", nearest="byte ranges, which seek in them")

_FEATURES: Final[dict[str, Support]] = {
    keys.access.deny_access: full("403, without cache and origin"),
    keys.access.token_auth: _NO_TOKENS,
    keys.access.token_auth_denial_code: _NO_TOKENS,
    keys.access.token_auth_ignore_url_case: _NO_TOKENS,
    keys.access.token_auth_parameter: _NO_TOKENS,
    keys.access.token_auth_keys: _NO_TOKENS,
    keys.caching.add_early_hints: none("no 103 is sent", nearest='a "link" response header'),
    keys.caching.allow_empty_query_in_cache_key: _RESERVED,
    keys.caching.bandwidth_throttling: none(
        "bodies are sent as fast as clients take them", nearest="limit_rate in your own location"
    ),
    keys.caching.bypass_cache: FULL,
    keys.caching.bypass_client_cache: FULL,
    keys.caching.cache_control_header_treatment: FULL,
    keys.caching.cache_key: FULL,
    keys.caching.cache_key_query_string: FULL,
    keys.caching.cache_key_rewrite: FULL,
    keys.caching.cacheable_request_body_size: approximate(
        "a body that is sent in chunks, without Content-Length, or of more than 1 MB is never part of a key"
    ),
    keys.caching.cacheable_status_codes: FULL,
    keys.caching.client_max_age: FULL,
    keys.caching.default_internal_max_age: FULL,
    keys.caching.enable_caching_for_methods: approximate(
        "responses to POST are stored, those to PUT are not", nearest="POST"
    ),
    keys.caching.enable_early_hints: none(
        "no 103 is sent", nearest='the origin\'s "link" headers, which go through'
    ),
    keys.caching.expires_header_treatment: FULL,
    keys.caching.first_hit_caching: _RESERVED,
    keys.caching.h264_support: _VIDEO,
    keys.caching.h264_support_video_seek_params: _VIDEO,
    keys.caching.honor_no_cache_request_header: FULL,
    keys.caching.ignore_origin_no_cache: FULL,
    keys.caching.ignore_unsatisfiable_ranges: FULL,
    keys.caching.max_age: FULL,
    keys.caching.partial_cache_sharing_min_hit_size: none(
        "a response is shared once it is complete", nearest="stale_while_revalidate"
    ),
    keys.caching.prevalidate_cached_content: full("fixed when a response arrives"),
    keys.caching.purge_tags: full("removed by `prefetchrouter purge --folder`"),
    keys.caching.refresh_zero_byte_cache_files: full("fixed when a response arrives"),
    keys.caching.revalidate_after_origin_unavailable: FULL,
    keys.caching.revalidate_while_stale_timer: none(
        "a failing origin gets a new request each time", nearest="stale_while_revalidate"
    ),
    keys.caching.service_worker_max_age: FULL,
    keys.caching.stale_on_error: FULL,
    keys.caching.stale_while_revalidate: FULL,
    keys.caching.streaming_optimization: _RESERVED,
    keys.client.quic: none(
        "clients connect by HTTP/1.1, and by HTTP/2 where you switch it on",
        nearest="listen ... quic in your server",
    ),
    keys.edge_function: none(
        "no JavaScript of yours runs in this configuration", nearest="your own njs module"
    ),
    keys.headers.add_response_headers: FULL,
    keys.headers.age_response_header: FULL,
    keys.headers.debug_header: none(
        "no debug headers are made", nearest="the access log, which has cache status and rule"
    ),
    keys.headers.remove_origin_response_headers: FULL,
    keys.headers.remove_response_headers: FULL,
    keys.headers.server_timing_header: _RESERVED,
    keys.headers.set_client_ip_custom_header: FULL,
    keys.headers.set_origin_response_headers: FULL,
    keys.headers.set_request_headers: FULL,
    keys.headers.set_response_headers: FULL,
    keys.logs.custom_field: none(
        "the access log has the fields of docs/nginx.md", nearest="your own log_format"
    ),
    keys.logs.custom_log_field_format: none(
        "the access log has the fields of docs/nginx.md", nearest="your own log_format"
    ),
    keys.logs.log_query_string: none("the access log has whole URLs", nearest="your own log_format"),
    keys.logs.mask_client_subnet: none("the access log has whole addresses", nearest="your own log_format"),
    keys.mtls.forward_client_certificate_to_origin: _RESERVED,
    keys.nel.disabled: approximate("no such header is made, whatever a rule says"),
    keys.origin.max_keep_alive_requests: none(
        "connections to origins are kept as nginx likes", nearest="keepalive_requests in an upstream"
    ),
    keys.origin.origin_failover_codes: none(
        "only a failed connection leads to the next host", nearest="proxy_next_upstream in origin.conf"
    ),
    keys.origin.proxy_special_headers: FULL,
    keys.origin.read_idle_timeout: none(
        "nginx waits for a minute", nearest="proxy_read_timeout in origin.conf"
    ),
    keys.origin.set_origin: FULL,
    keys.response.allow_prefetching_uncached_content: FULL,
    keys.response.compress_content_types: approximate(
        "not together with rules that change the status or body, or add to headers"
    ),
    keys.response.optimize_images: none(
        "images are sent as the origin made them", nearest="optimize images at the origin"
    ),
    keys.response.retry_from_hostname: none("reserved", nearest="several hosts for an origin"),
    keys.response.set_done: FULL,
    keys.response.set_response_body: full("by JavaScript"),
    keys.response.set_status_code: full("by JavaScript"),
    keys.set_variables: approximate("there are no edge functions that could read them"),
    keys.url.follow_redirects: none("a redirect goes to the client", nearest="url_rewrite"),
    keys.speculation.eagerness: FULL,
    keys.speculation.prerender: FULL,
    keys.url.url_redirect: full("by JavaScript"),
    keys.url.url_rewrite: full("by JavaScript"),
    "comment": FULL,
}

_ONLY_MAPPED: Final = approximate(
    "known only if Property(facts=...) names a header of a proxy in front that says it, or `serve --fact`"
)
_VARIABLES: Final[dict[str, Support]] = {
    "request.*": FULL,
    "request.pop_code": _ONLY_MAPPED,
    "request.path.*": FULL,
    "request.header.*": FULL,
    "request.cookie.*": FULL,
    "request.origin_query.*": FULL,
    "location.*": _ONLY_MAPPED,
    "device.*": _ONLY_MAPPED,
    "pop_code.*": _ONLY_MAPPED,
    "mtls.*": _ONLY_MAPPED,
    "random.*": FULL,
    "response.*": approximate("not in conditions that decide how long a response is kept for its refresh"),
    "variable.*": FULL,
    "variable.cache_status": none("rules cannot read what the cache made of a request"),
}

_EDGE_RULES: Final[dict[str, Support]] = {
    "E2": approximate(
        "nginx words its own refusals; a path with a semicolon is refused whatever rules apply without it,"
        ' unless the property has path_parameters="keep"'
    ),
    "E3": approximate(
        "headers that Connection names are forwarded, and those of a family (such as "
        "cf-connecting-ip*) except for the known ones"
    ),
    "E8": approximate("responses to PUT are not stored"),
    "E11": approximate("times are whole seconds: 2 s can last almost 3"),
    "E10": approximate("a response that may not be stored leaves an expired one where it is"),
    "E14": FULL,
    "E16": approximate(
        "the headers of a 304 do not replace those of the stored response, and Age goes on from its arrival"
    ),
    "E17": approximate("a failed origin is not left alone for some seconds"),
    "E18": FULL,
    "E19": approximate(
        "concurrent requests for an expired response each reach the origin, and what may "
        "not be stored is not remembered"
    ),
    "E20": approximate("a fetch goes on where the response will not be stored, too"),
    "E21": approximate(
        "stored responses are replaced some microseconds after the response of the write; of several "
        "variants the last, and none that is requested before the write and comes after it"
    ),
    "E22": FULL,
    "E24": approximate("a 304 to a prefetch has all headers of the stored response"),
    "E25": approximate("what is not stored is compressed too, and bodies over 3 MB"),
    "E26": approximate("502 instead of 504 where an expired response is stored"),
    "E27": FULL,
    "E29": approximate("of a POST, not of a PUT"),
    "E30": none("no debug headers are made"),
    "E31": none("redirects go to the client"),
    "E33": approximate(
        "a 204 or 205 that a prefetch fetched is not stored, and a prefetch with no-store may get one"
    ),
    "E34": FULL,
    "E36": approximate("a hit has no ttl"),
    "E37": approximate(
        "a GET is sent once more also when the origin closes a new connection without an answer; those who "
        "wait for a response that does not come ask one after the other"
    ),
    "E38": approximate(
        "a response of which only the head has arrived is stored; a URL is named as the cache key has it"
    ),
    **{f"E{number}": FULL for number in (1, 4, 5, 6, 7, 9, 12, 13, 15, 23, 28, 32, 35, 39)},
}

SUPPORT: Final = SupportTable(
    features=_FEATURES,
    variables=_VARIABLES,
    operators=dict.fromkeys(OPERATORS, FULL),
    constructs=dict.fromkeys(CONSTRUCTS, FULL),
    value_forms={
        **dict.fromkeys(VALUE_FORMS, FULL),
        "NUL": none("no configuration holds a zero byte"),
    },
    edge_rules={number: _EDGE_RULES[number] for number in EDGE_RULES},
)
"""What nginx does of each feature, variable and clause."""
