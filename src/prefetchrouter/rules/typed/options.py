"""What the options of features look like as mappings, for editors and type checkers.

Made by `scripts/make_typed_dicts.py` from the models in `prefetchrouter.rules.features`; change those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Required, TypedDict


class BandwidthThrottlingDict(TypedDict, total=False):
    """The keys of `BandwidthThrottling`, to annotate a mapping."""

    kbytes_per_sec: Required[int]
    """The ceiling, in kilobytes a second."""
    prebuf_seconds: float
    """How long delivery runs at full speed first, in seconds."""
    execute_on_shield: bool
    """Whether an origin shield throttles too."""


class CacheKeyOptionsDict(TypedDict, total=False):
    """The keys of `CacheKeyOptions`, to annotate a mapping."""

    include_all_query_params: bool
    """Every query parameter counts."""
    exclude_all_query_params: bool
    """No query parameter counts."""
    include_query_params: list[str] | tuple[str, ...]
    """Only these query parameters count."""
    include_all_query_params_except: list[str] | tuple[str, ...]
    """All query parameters but these count."""
    include_headers: list[str] | tuple[str, ...]
    """These request headers count, where a request has them."""
    include_cookies: list[str] | tuple[str, ...]
    """These cookies count, where a request has them."""
    include_expressions: list[str] | tuple[str, ...]
    """Text with variables, put into the key as it comes out."""
    include_hostname: Literal[True]
    """The host name counts."""
    sort_query_params: bool
    """The order of query parameters does not count; that of parameters of one name does."""
    ignore_query_case: bool
    """Capital and small letters in the query are the same."""


class CacheKeyQueryStringDict(TypedDict, total=False):
    """The keys of `CacheKeyQueryString`, to annotate a mapping."""

    include_all: bool
    """Every query parameter counts."""
    exclude_all: bool
    """No query parameter counts."""
    include: list[str] | tuple[str, ...]
    """Only these query parameters count."""
    include_all_except: list[str] | tuple[str, ...]
    """All query parameters but these count."""


class CacheKeyRewriteDict(TypedDict, total=False):
    """The keys of `CacheKeyRewrite`, to annotate a mapping."""

    source: str
    """A regular expression, matched after the host name."""
    destination: str
    """The new text; $1 to $9 are the groups of the source."""


class ShieldedDurationDict(TypedDict, total=False):
    """The keys of `ShieldedDuration`, to annotate a mapping."""

    value: Required[str]
    """The duration."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class ShieldedFlagDict(TypedDict, total=False):
    """The keys of `ShieldedFlag`, to annotate a mapping."""

    value: Required[bool]
    """On or off."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class ShieldedHeaderNamesDict(TypedDict, total=False):
    """The keys of `ShieldedHeaderNames`, to annotate a mapping."""

    headers: Required[list[str] | tuple[str, ...]]
    """The header names."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class ShieldedRequestHeadersDict(TypedDict, total=False):
    """The keys of `ShieldedRequestHeaders`, to annotate a mapping."""

    headers: Required[Mapping[str, str]]
    """Values by header name."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class ShieldedResponseHeadersDict(TypedDict, total=False):
    """The keys of `ShieldedResponseHeaders`, to annotate a mapping."""

    headers: Required[Mapping[str, str] | Mapping[str, str | Mapping[str, Any]]]
    """Values by header name."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class ShieldedTreatmentDict(TypedDict, total=False):
    """The keys of `ShieldedTreatment`, to annotate a mapping."""

    value: Required[Literal["pass", "overwrite", "if_missing", "remove"]]
    """What becomes of the origin's header."""
    execute_on_shield: Required[bool]
    """Whether an origin shield applies it too."""


class TokenAuthDenialCodeDict(TypedDict, total=False):
    """The keys of `TokenAuthDenialCode`, to annotate a mapping."""

    code: int
    """The status code."""
    headers: Mapping[str, str] | Mapping[str, str | Mapping[str, Any]]
    """Headers by name, such as the Location of a redirect."""


class TokenAuthKeysDict(TypedDict, total=False):
    """The keys of `TokenAuthKeys`, to annotate a mapping."""

    primary: str
    """The key that is tried first."""
    primary_min_version: Literal["v2", "v3"]
    """The oldest token version it accepts."""
    backup: str
    """The key that is tried next, while keys are changed."""
    backup_min_version: Literal["v2", "v3"]
    """The oldest token version it accepts."""


class UrlRedirectDict(TypedDict, total=False):
    """The keys of `UrlRedirect`, to annotate a mapping."""

    code: int
    """The status code."""
    source: str
    """What the URL must match; without it, every URL is redirected."""
    destination: str
    """The new address; $1 to $9 or :names stand for parts of the source."""
    syntax: Literal["regexp", "path-to-regexp"]
    """The language of the source."""


class UrlRewriteDict(TypedDict, total=False):
    """The keys of `UrlRewrite`, to annotate a mapping."""

    source: str
    """What the path must match."""
    destination: str
    """The new path; $1 to $9 or :names stand for parts of the source."""
    syntax: Literal["regexp", "path-to-regexp"]
    """The language of the source."""


class VideoSeekParametersDict(TypedDict, total=False):
    """The keys of `VideoSeekParameters`, to annotate a mapping."""

    seek_start: Required[str]
    """The parameter that holds the start."""
    seek_end: str
    """The parameter that holds the end."""
