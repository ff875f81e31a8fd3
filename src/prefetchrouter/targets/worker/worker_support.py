"""What the target ``worker`` supports."""

from __future__ import annotations

from typing import Final

from prefetchrouter.catalog import FEATURES, keys
from prefetchrouter.lowering.phases import PHASES_OF
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

_APPROXIMATE: Final[dict[str, Support]] = {
    keys.response.compress_content_types: approximate(
        "the bytes of gzip are those of the platform; their content is the same"
    ),
}

_NONE: Final[dict[str, Support]] = {
    keys.access.token_auth: none("no token is checked"),
    keys.access.token_auth_denial_code: none("no token is checked"),
    keys.access.token_auth_ignore_url_case: none("no token is checked"),
    keys.access.token_auth_parameter: none("no token is checked"),
    keys.access.token_auth_keys: none("no token is checked"),
    keys.caching.add_early_hints: none("no 103 is sent", "set a `link` response header"),
    keys.caching.bandwidth_throttling: none("bodies are sent as fast as clients take them"),
    keys.caching.enable_early_hints: none("no 103 is sent", "set a `link` response header"),
    keys.caching.h264_support: none("videos are files like others", "byte ranges seek in them"),
    keys.caching.h264_support_video_seek_params: none("videos are files like others"),
    keys.caching.allow_empty_query_in_cache_key: none("reserved; its meaning is undocumented"),
    keys.caching.first_hit_caching: none("reserved; a response is stored at its first request"),
    keys.caching.streaming_optimization: none("live streams are cached as their rules and origin say"),
    keys.client.quic: none("the platform decides by which protocols clients connect"),
    keys.headers.server_timing_header: none("`Cache-Status` says how the cache handled a request"),
    keys.logs.custom_log_field_format: none("the line of a request is JSON"),
    keys.logs.custom_field: none("the line of a request is JSON, without fields of yours"),
    keys.logs.log_query_string: none("the line of a request has no query"),
    keys.logs.mask_client_subnet: none("the line of a request has the whole address of the client"),
    keys.mtls.forward_client_certificate_to_origin: none("no client is asked for a certificate"),
    keys.origin.max_keep_alive_requests: none("the platform keeps connections to origins"),
    keys.response.optimize_images: none("images are sent as the origin made them"),
    keys.response.retry_from_hostname: none("reserved; list several hosts for an origin"),
    keys.edge_function: none("no code of yours runs in the worker"),
}

_BY_PLATFORM = approximate("it has a value where the platform knows one, or `facts` of the property maps it")
_NOT_KNOWN = approximate("it has no value unless `facts` of the property maps it to a header")
_NO_STATUS = approximate("it has no value")

_OF_CLOUDFLARE: Final = ("location",)
_OF_FACTS: Final = ("device", "mtls", "pop_code")


def _variable(namespace: str, name: str) -> Support:
    if namespace in _OF_CLOUDFLARE:
        return _BY_PLATFORM
    if namespace in _OF_FACTS or (namespace, name) == ("request", "pop_code"):
        return _NOT_KNOWN
    if name == "cache_status":
        return _NO_STATUS
    if namespace == "variable" and name.startswith(("geo_", "wurfl_", "country_code", "virt_", "popcode")):
        return _BY_PLATFORM
    return FULL


_EDGE_RULES: Final[dict[str, Support]] = {
    **dict.fromkeys(EDGE_RULES, FULL),
    "E1": approximate(
        "Workers get targets with dot segments resolved; Node, Deno and Bun as they are on the wire"
    ),
    "E2": approximate("what the HTTP parser of Workers refuses or resolves does not reach the rules"),
    "E3": approximate(
        "on Workers an origin gets the Host that its URL names; `x-forwarded-host` has that of the client"
    ),
    "E9": approximate("Workers send no body with a GET: such a request gets 502"),
    "E17": approximate("Workers may send a request again when the origin ends its connection"),
    "E26": approximate("Workers may send a request again when the origin ends its connection"),
    "E37": approximate(
        "Workers may send a request several times when the origin ends kept connections; Deno opens a new"
        " connection for each, and so sends none again"
    ),
    "E15": approximate("one refresh in each isolate, not in each place"),
    "E19": approximate("requests are coalesced in one isolate, not across a place"),
    "E20": approximate("a platform may end what goes on after the client has left"),
    "E21": approximate("stored responses are removed in the place of the request, not in all places"),
    "E38": approximate(
        "on Cloudflare the platform purges by tags in printable ASCII (`Cache-Tag`); `prefetchrouter purge`"
        " reaches Node, Deno, Bun and bare workerd"
    ),
}

SUPPORT: Final = SupportTable(
    features={
        **{key: FULL for key in FEATURES if key in PHASES_OF},  # a new one is not supported yet
        **_APPROXIMATE,
        **_NONE,
    },
    variables={
        **{f"{namespace}.*": FULL for namespace in NAMESPACES},
        **{
            f"{spec.namespace}.{'*' if spec.name.startswith('<') else spec.name}": _variable(
                spec.namespace, spec.name
            )
            for spec in all_variables()
        },
    },
    operators=dict.fromkeys(OPERATORS, FULL),
    constructs=dict.fromkeys(CONSTRUCTS, FULL),
    value_forms=dict.fromkeys(VALUE_FORMS, FULL),
    edge_rules=_EDGE_RULES,
)
"""What it does of each feature, variable, operator, value form and rule of edge behaviour."""
