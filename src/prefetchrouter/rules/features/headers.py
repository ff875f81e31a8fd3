"""The `headers` section: headers added, set and removed on requests and responses."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeVar

from prefetchrouter.rules.features import kinds
from prefetchrouter.rules.features.fields import Given, feature
from prefetchrouter.rules.features.kinds import Flag, HeaderNames, HeaderValue, ResponseHeaderMap, TokenName
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.shielded import (
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
)
from prefetchrouter.rules.features.value_checks import Check, Checked
from prefetchrouter.rules.node import FrozenDict

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules.typed import sections as typed

S = TypeVar("S", bound=Section)
T = TypeVar("T")


def _or_shielded(check: Check[T], model: type[S]) -> Check[T | S]:
    """Return a check for headers by name or their long form, which its two keys identify."""

    def either(value: object) -> T | S:
        if isinstance(value, (dict, Mapping)):
            is_long = "execute_on_shield" in value or _only_headers(value)
        else:
            is_long = isinstance(value, model)
        return model.read(value) if is_long else check(value)

    return either


def _only_headers(value: Mapping[object, object]) -> bool:
    return len(value) == 1 and "headers" in value and isinstance(value["headers"], (Mapping, list, tuple))


RequestHeaders = Annotated[
    FrozenDict[str, str] | ShieldedRequestHeaders,
    Checked(
        _or_shielded(kinds.request_headers, ShieldedRequestHeaders),
        kinds.RequestHeadersInput | ShieldedRequestHeaders,
        "values by header name, or the long form",
    ),
]
ResponseHeaders = Annotated[
    FrozenDict[str, HeaderValue] | ShieldedResponseHeaders,
    Checked(
        _or_shielded(kinds.response_headers, ShieldedResponseHeaders),
        kinds.ResponseHeadersInput | ShieldedResponseHeaders,
        "values by header name, or the long form",
    ),
]
RemovedHeaders = Annotated[
    tuple[str, ...] | ShieldedHeaderNames,
    Checked(
        kinds.or_options(kinds.header_names, ShieldedHeaderNames),
        kinds.TextsInput | ShieldedHeaderNames,
        "list of header names, or the long form",
    ),
]


class HeadersFeatures(Section, section="headers", example='{"set_response_headers": {"x-tier": "gold"}}'):
    """The features of the `headers` section.

    Raises:
        FeatureError: A name is unknown, or a value is not one that the feature takes; all problems together.

    Example:
        >>> HeadersFeatures(remove_response_headers=["x-powered-by"]).remove_response_headers
        ('x-powered-by',)
    """

    add_response_headers: Given[ResponseHeaders] = feature(
        "Adds headers to the response, besides those of the same name.",
        example={"link": "</app.css>; rel=preload"},
        merge="added-header",
    )
    age_response_header: Given[Flag] = feature(
        "Sends an Age header, computed by the edge.", default=True, example=False
    )
    debug_header: Given[Flag] = feature(
        "Lets a request ask for headers that explain caching.", default=False, phase="request"
    )
    remove_origin_response_headers: Given[HeaderNames] = feature(
        "Removes headers of the origin's response.", example=["set-cookie"], merge="header-names"
    )
    remove_response_headers: Given[RemovedHeaders] = feature(
        "Removes headers of the response to the visitor.", example=["x-powered-by"], merge="header-names"
    )
    server_timing_header: Given[Flag] = feature("Sends a Server-Timing header (reserved).")
    set_client_ip_custom_header: Given[TokenName] = feature(
        "The request header in which the origin finds the visitor's address.",
        phase="request",
        example="x-client-ip",
    )
    set_origin_response_headers: Given[ResponseHeaderMap] = feature(
        "Sets response headers as if the origin had sent them.",
        example={"cache-control": "max-age=60"},
        merge="header",
    )
    set_request_headers: Given[RequestHeaders] = feature(
        "Sets headers on the request to the origin.",
        phase="request",
        example={"x-tier": "gold"},
        merge="header",
        elsewhere=("request_headers",),
    )
    set_response_headers: Given[ResponseHeaders] = feature(
        "Sets headers on the response to the visitor.",
        example={"x-frame-options": "DENY"},
        merge="header",
        elsewhere=("response_headers",),
    )

    if TYPE_CHECKING:

        def __init__(self, **features: Unpack[typed.HeadersDict]) -> None: ...
