"""What editors and type checkers know of the mappings and keywords that describe a property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Host, Hostname, Location, Origin, Retry, TlsVerify

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


class HostDict(TypedDict, total=False):
    """The keys of `Host`."""

    location: Required[str | Sequence[str | Location | LocationDict]]
    scheme: Scheme
    dns_preference: DnsPreference
    balancer: Balancer
    weight: int
    dns_min_ttl: int
    dns_max_ttl: int
    max_pool: int
    max_hard_pool: int
    override_host_header: str


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


class OriginDict(TypedDict, total=False):
    """The keys of `Origin`."""

    name: Required[str]
    type: OriginType
    hosts: Sequence[str | Host | HostDict]
    balancer: OriginBalancer
    override_host_header: str
    shields: Mapping[str, str]
    pci_certified_shields: bool
    tls_verify: TlsVerify | TlsVerifyDict
    retry: Retry | RetryDict


class HostnameDict(TypedDict, total=False):
    """The keys of `Hostname`."""

    hostname: Required[str]
    default_origin_name: str
    report_code: int
    directory: str
    tls: Mapping[str, Any]


class PropertyDict(TypedDict, total=False):
    """The keys of `Property`."""

    name: str
    origins: Sequence[Origin | OriginDict]
    hostnames: Sequence[str | Hostname | HostnameDict]
    foreign_prefetch: ForeignPrefetch
    encoded_slashes: EncodedSlashes
    path_parameters: PathParameters
    unsupported_conditions: UnsupportedConditions
