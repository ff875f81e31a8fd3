"""The support table of the embedded edge, which `prefetchrouter serve` starts.

It reads the rules as they are, so there is nothing to print: it has a table and no target.
`docs/edge-features.md` is generated from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prefetchrouter.catalog import FEATURES, keys
from prefetchrouter.evaluation.accessors import VariableAccessor, accessor
from prefetchrouter.rules.conditions import variable
from prefetchrouter.rules.variables import all_variables
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.support import FULL, Support, SupportTable, approximate, full, none
from prefetchrouter.targets.value_forms import VALUE_FORMS

NAME: Final = "embedded"

_FULL: dict[str, Support] = {
    keys.access.deny_access: full("403, without cache and origin (E28)"),
    keys.caching.bypass_cache: full("pass: no response is stored, and none is served from the cache (E9)"),
    keys.caching.bypass_client_cache: full("written when the response goes out (E23)"),
    keys.caching.cache_control_header_treatment: full("written when the response goes out (E23)"),
    keys.caching.cache_key: full("all of its options (E13)"),
    keys.caching.cache_key_query_string: full("all of its options; `cache_key` goes first"),
    keys.caching.cache_key_rewrite: full("path and query of the key are rewritten, not those for the origin"),
    keys.caching.cacheable_request_body_size: full(
        "the largest body of a POST or PUT with a stored response (E8)"
    ),
    keys.caching.cacheable_status_codes: full(
        "the statuses to which `max_age` and the origin's lifetimes apply (E11)"
    ),
    keys.caching.enable_caching_for_methods: full("POST and PUT, with the body as part of the key (E8)"),
    keys.caching.expires_header_treatment: full("written when the response goes out (E23)"),
    keys.caching.honor_no_cache_request_header: full(
        "the request is forwarded, and its response may replace the stored one (E9)"
    ),
    keys.caching.ignore_origin_no_cache: full("`private`, `no-store` and `no-cache` are overruled (E10)"),
    keys.caching.ignore_unsatisfiable_ranges: full("the whole instead of a 416 (E24)"),
    keys.caching.partial_cache_sharing_min_hit_size: full(
        "bodies of any size are shared while they are stored (E19)"
    ),
    keys.caching.purge_tags: full(
        "removed by `prefetchrouter purge --tag`, or on the page of the cache (E38)"
    ),
    keys.caching.prevalidate_cached_content: full(
        "the stored response is served, and validated in the background (E18)"
    ),
    keys.caching.refresh_zero_byte_cache_files: full(
        "a stored response with an empty body counts as stale (E18)"
    ),
    keys.caching.revalidate_after_origin_unavailable: full("how long a stale response may be served (E17)"),
    keys.caching.revalidate_while_stale_timer: full("how long a failed origin gets no further request (E17)"),
    keys.caching.client_max_age: full("written when the response goes out (E23)"),
    keys.caching.default_internal_max_age: full("the lifetime of responses that come without one (E11)"),
    keys.caching.max_age: full("the freshness lifetime, by status (E11)"),
    keys.caching.service_worker_max_age: full("sent as `x-sw-cache-control`, never with a 412 (E7)"),
    keys.caching.stale_on_error: full("a stale response is served when the origin fails (E17)"),
    keys.caching.stale_while_revalidate: full(
        "the stale response at once, and one refresh in the background (E15)"
    ),
    keys.headers.add_response_headers: full("written when the response goes out (E23)"),
    keys.headers.age_response_header: full(
        "`Age` is sent with every stored response (E14), unless this is false"
    ),
    keys.headers.debug_header: full("a request with `x-ec-debug` gets headers that explain caching"),
    keys.headers.remove_origin_response_headers: full("before the response is stored (E23)"),
    keys.headers.remove_response_headers: full("when the response goes out (E23)"),
    keys.headers.set_client_ip_custom_header: full("the address of the client's connection"),
    keys.headers.set_origin_response_headers: full("before the response is stored (E23)"),
    keys.headers.set_request_headers: full("on the request to the origin"),
    keys.headers.set_response_headers: full("written when the response goes out (E23)"),
    keys.nel.disabled: full("the edge never requests network error reports, whatever is set"),
    keys.origin.origin_failover_codes: full("the next host of the origin is tried"),
    keys.origin.proxy_special_headers: full("of the headers that the edge adds (E3), only these"),
    keys.origin.read_idle_timeout: full("the longest silence between two pieces of a response"),
    keys.origin.set_origin: full("one of those given to `serve` with `--origin`"),
    keys.response.allow_prefetching_uncached_content: full(
        "no 412: a prefetch is fetched like any request (E6)"
    ),
    keys.response.compress_content_types: full("with gzip (E25)"),
    keys.response.set_done: full("without the cache and without the origin (E28)"),
    keys.response.set_response_body: full("the text, with its variables filled in (E28)"),
    keys.response.set_status_code: full("a number from 200 on, or a text whose variables give one"),
    keys.url.follow_redirects: full(
        "by GET, subject to the rules of its target (E31); other hosts give a 404"
    ),
    keys.speculation.eagerness: full("in the Speculation Rules of the site, which browsers follow"),
    keys.speculation.prerender: full("in the Speculation Rules of the site, which browsers follow"),
    keys.url.url_redirect: full("without the cache and without the origin (E28)"),
    keys.url.url_rewrite: full("rules are then read again for the new path"),
    "comment": full("a note; it changes nothing"),
    keys.set_variables: full("kept for edge functions, which do not run here"),
}

_NONE: dict[str, Support] = {
    keys.access.token_auth: none("no token is checked: the edge would serve every client"),
    keys.access.token_auth_denial_code: none("no token is checked"),
    keys.access.token_auth_ignore_url_case: none("no token is checked"),
    keys.access.token_auth_parameter: none("no token is checked"),
    keys.access.token_auth_keys: none("no token is checked"),
    keys.caching.add_early_hints: none("no 103 is sent; set a `link` response header"),
    keys.caching.bandwidth_throttling: none("bodies are sent as fast as clients take them"),
    keys.caching.enable_early_hints: none("no 103 is sent; `link` headers of the origin go through"),
    keys.caching.h264_support: none("videos are files like others; byte ranges seek in them"),
    keys.caching.h264_support_video_seek_params: none(
        "videos are files like others; byte ranges seek in them"
    ),
    keys.caching.allow_empty_query_in_cache_key: none("reserved; its meaning is undocumented"),
    keys.caching.first_hit_caching: none("reserved; a response is stored at its first request"),
    keys.caching.streaming_optimization: none("live streams are cached as their rules and origin say"),
    keys.client.quic: none("reserved; clients connect by HTTP/1.1"),
    keys.headers.server_timing_header: none("reserved; the page of requests shows the cache status"),
    keys.logs.custom_log_field_format: none("`--access-log` writes the combined format or JSON"),
    keys.logs.custom_field: none(
        "`--access-log` writes the combined format or JSON, without fields of yours"
    ),
    keys.logs.log_query_string: none("`--access-log` always writes the query, possible secrets masked"),
    keys.logs.mask_client_subnet: none("`--access-log` writes the whole address of the client"),
    keys.mtls.forward_client_certificate_to_origin: none("reserved; no client certificate is requested"),
    keys.origin.max_keep_alive_requests: none("connections to origins stay open until one side closes them"),
    keys.response.optimize_images: none("images are sent as the origin made them"),
    keys.response.retry_from_hostname: none("reserved; list several hosts for an origin"),
    keys.edge_function: none("no JavaScript runs at this edge"),
}

UNKNOWN: Final = none("this edge does not know it")
"""What the edge says of a feature that the catalogue has and this table does not."""

BY_FACT: Final = approximate("it has no value unless `serve --fact` gives one, the same for every visitor")
"""What the edge says of a variable such as the country, which neither the request nor the response shows."""

_SEEN: Final = ("request.header.", "request.cookie.", "request.client_ip", "random")
"""Facts that the edge reads from a request or its connection, or draws."""


def _is_seen(read: VariableAccessor) -> bool:
    return not read.names or any(name.startswith(_SEEN) for name in read.names)


def _variables() -> Iterator[tuple[str, Support]]:
    for spec in all_variables():
        read = accessor(variable(spec.namespace, 9 if spec.name == "<max>" else spec.name))
        name = "*" if spec.name.startswith("<") else spec.name
        yield f"{spec.namespace}.{name}", FULL if _is_seen(read) else BY_FACT


SUPPORT: Final = SupportTable(
    features={**_FULL, **_NONE, **{key: UNKNOWN for key in FEATURES if key not in {**_FULL, **_NONE}}},
    variables=dict(_variables()),
    value_forms=dict.fromkeys(VALUE_FORMS, FULL),
    edge_rules=dict.fromkeys(EDGE_RULES, FULL),
    otherwise=FULL,
)
"""What the edge does of each feature and variable. It supports all operators and forms of values."""
