"""Typed dictionaries of a property's mappings and keywords, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Required, TypedDict

Balancer = Literal["primary_failover", "round_robin", "carp", "sqf"]
DnsPreference = Literal["prefv4", "prefv6", "onlyv4", "onlyv6"]
EncodedSlashes = Literal["refuse", "keep"]
ForeignPrefetch = Literal["refuse", "allow"]
UnsupportedConditions = Literal["ignore", "drop"]
OriginBalancer = Literal[
    "primary_failover", "round_robin", "carp", "carp64",
    "static_with_tags", "static_weighted", "static_nocache_bypass", "sqf",
]  # fmt: skip
OriginType = Literal["customer_origin", "cdn_storage"]
PathParameters = Literal["refuse", "keep"]
Scheme = Literal["http", "https", "match"]


class LocationDict(TypedDict, total=False):
    """The keys of `Location`."""

    hostname: Required[str]
    port: int


class TlsVerifyDict(TypedDict, total=False):
    """The keys of `TlsVerify`."""

    use_sni: bool
    sni_hint_and_strict_san_check: str
    allow_self_signed_certs: bool
    pinned_certs: Sequence[str]


class RetryDict(TypedDict, total=False):
    """The keys of `Retry`."""

    status_codes: Required[Sequence[int]]
    max_requests: Required[int]
    max_wait_seconds: Required[int]
    after_seconds: float
    ignore_retry_after_header: bool


class HostnameDict(TypedDict, total=False):
    """The keys of `Hostname`."""

    hostname: Required[str]
    default_origin_name: str
    report_code: int
    directory: str
    tls: Mapping[str, Any]
