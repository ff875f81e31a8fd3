"""The servers behind the edge: origins, their hosts, and how the edge talks to them.

See `docs/property.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Required, TypedDict, get_args

from pydantic import BeforeValidator, ValidationError, model_validator

from prefetchrouter.errors import Diagnostic, PropertyError, shown
from prefetchrouter.rules.feature_errors import Problems, feature_error
from prefetchrouter.rules.features import containers, value_checks
from prefetchrouter.rules.features.fields import Given, option, required
from prefetchrouter.rules.features.kinds import Flag, Natural, Number, Statuses
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.value_checks import Check, Checked
from prefetchrouter.rules.host_names import HOST, SYSTEM_ORIGINS
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.typed_property import (
    Balancer,
    DnsPreference,
    LocationDict,
    OriginBalancer,
    OriginType,
    RetryDict,
    Scheme,
    TlsVerifyDict,
)

if TYPE_CHECKING:
    from typing import Unpack


def property_problem(message: str, expected: str | None = None, hint: str | None = None) -> Problems:
    """Return a single problem of a property, for use inside a check."""
    return Problems([((), Diagnostic("property", message, expected=expected, hint=hint))])


def _host(value: object) -> str:
    if not isinstance(value, str) or not HOST.fullmatch(value):
        raise property_problem(
            f"{shown(value)} is not a host", 'a name such as "origin.shop.example"', _cure(value)
        )
    return value


def _cure(value: object) -> str | None:
    """Return how to write a host that has a scheme or a port with it."""
    found = re.fullmatch(r"(?:(https?)://)?([^/:]+)(?::(\d+))?/?", value) if isinstance(value, str) else None
    if found is None or not HOST.fullmatch(found[2]):
        return None
    place = f'[Location(hostname="{found[2]}", port={found[3]})]' if found[3] else f'"{found[2]}"'
    return f'write Host(location={place}, scheme="{found[1] or "https"}")'


def _name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-zA-Z0-9_.-]{1,200}", value):
        raise property_problem(f"{shown(value)} is not a name", "letters, digits, _ . and -")
    return value


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise property_problem(f"{shown(value)} is not a port", "a whole number from 1 to 65535")
    return value


def _fingerprint(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-fA-F]{40}", value):
        raise property_problem(f"{shown(value)} is not a fingerprint", "40 hexadecimal digits")
    return value


def _shield(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}|bypass", value):
        raise property_problem(f"{shown(value)} is not a shield", 'three capital letters, or "bypass"')
    return value


def words_of(options: Any) -> Checked:
    """Return the check for one of the words of a `Literal`."""
    words = get_args(options)
    return Checked(value_checks.choice(*words), options, ", ".join(words))


def _entry(model: type[Section], key: str) -> Check[Any]:
    """Return a check for a description, or for the text that alone makes one."""

    def check(value: object) -> Any:
        if isinstance(value, str):
            return model.read({key: value})
        if isinstance(value, Mapping | model):
            return model.read(value)
        raise property_problem(
            f"{shown(value)} is not a {model.__name__}", f"text, a mapping or {model.__name__}(...)"
        )

    return check


def described_list(model: type[Section], key: str, *, least: int = 0) -> BeforeValidator:
    """Return the check for a list of descriptions, each of which may be the text that alone makes one."""
    return BeforeValidator(containers.list_of(_entry(model, key), least=least))


_REGIONS = ("apac", "emea", "us_west", "us_east", "global")
_SHIELDS = Checked(
    containers.mapping_of(value_checks.choice(*_REGIONS), _shield, '{"us_east": "DCD"}'),
    dict[str, str],
    "places by region",
)

HostName = Annotated[str, BeforeValidator(_host)]
OriginName = Annotated[str, BeforeValidator(_name)]
Port = Annotated[int, BeforeValidator(_port)]
Fingerprints = Annotated[tuple[str, ...], BeforeValidator(containers.list_of(_fingerprint, most=5))]


class Described(Section):
    """A part of a property; its errors are `PropertyError`s."""

    @classmethod
    def _error(cls, error: ValidationError) -> PropertyError:
        problems = feature_error(error).diagnostics
        return PropertyError(*(replace(found, code="property") for found in problems))


class Location(Described):
    """A host and port that an origin is reached at.

    Example:
        >>> Location(hostname="origin.shop.example", port=8443).port
        8443
    """

    hostname: HostName = required("The host.")
    port: Given[Port] = option("The port; needs a scheme beside it.")


def _location(value: object) -> Any:
    return _host(value) if isinstance(value, str) else _entry(Location, "hostname")(value)


def _locations(value: object) -> Any:
    return _host(value) if isinstance(value, str) else containers.list_of(_location, least=1, most=10)(value)


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


class Host(Described):
    """One server, or group of servers, of an origin.

    Example:
        >>> Host(location="origin.shop.example", scheme="https").location
        'origin.shop.example'
    """

    location: Annotated[str | tuple[str | Location, ...], BeforeValidator(_locations)] = required(
        "Where it is: a host, or a list of hosts."
    )
    scheme: Given[Annotated[Scheme, words_of(Scheme)]] = option("How it is spoken to.")
    dns_preference: Given[Annotated[DnsPreference, words_of(DnsPreference)]] = option(
        "Which addresses count."
    )
    balancer: Given[Annotated[Balancer, words_of(Balancer)]] = option("Reserved.")
    weight: Given[Natural] = option("Reserved.")
    dns_min_ttl: Given[Natural] = option("Reserved.")
    dns_max_ttl: Given[Natural] = option("Reserved.")
    max_pool: Given[Natural] = option("Reserved.")
    max_hard_pool: Given[Natural] = option("Reserved.")
    override_host_header: Given[HostName] = option("The Host header that it gets.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[HostDict]) -> None: ...


class TlsVerify(Described):
    """How the certificate of an origin is checked."""

    use_sni: Given[Flag] = option("Whether to name the host in the handshake.")
    sni_hint_and_strict_san_check: Given[HostName] = option("The name that the certificate must carry.")
    allow_self_signed_certs: Given[Flag] = option("Whether a self-signed certificate will do.")
    pinned_certs: Given[Fingerprints] = option("SHA-1 fingerprints, at most five.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[TlsVerifyDict]) -> None: ...


class Retry(Described):
    """When a failed request is sent again."""

    status_codes: Statuses = required("The statuses to retry after.")
    max_requests: Natural = required("How many requests at the most.")
    max_wait_seconds: Natural = required("How many seconds to wait at the most.")
    after_seconds: Given[Number] = option("Seconds to wait before each.")
    ignore_retry_after_header: Given[Flag] = option("Whether the origin's Retry-After counts for nothing.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[RetryDict]) -> None: ...


class OriginSettingsDict(TypedDict, total=False):
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


class Origin(Described):
    """A server, or several, that the edge fetches from.

    Raises:
        PropertyError: Something in it is wrong.

    Example:
        >>> Origin(name="web", hosts=["origin.shop.example"]).hosts[0].location
        'origin.shop.example'
    """

    name: OriginName = required("What rules call it.")
    type: Given[Annotated[OriginType, words_of(OriginType)]] = option("The kind of origin.")
    hosts: Given[Annotated[tuple[Host, ...], described_list(Host, "location")]] = option("Where it is.")
    balancer: Given[Annotated[OriginBalancer, words_of(OriginBalancer)]] = option(
        "How requests are spread over the hosts."
    )
    override_host_header: Given[HostName] = option("The Host header that it gets.")
    shields: Given[Annotated[FrozenDict[str, str], _SHIELDS]] = option("Shield locations by region.")
    pci_certified_shields: Given[Flag] = option("Whether only certified shields will do.")
    tls_verify: Given[TlsVerify] = option("How its certificate is checked.")
    retry: Given[Retry] = option("When a failed request is sent again.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[OriginSettingsDict]) -> None: ...

    @model_validator(mode="after")
    def _not_reserved(self) -> Origin:
        if self.name in SYSTEM_ORIGINS or self.name.startswith("edgio_"):
            raise property_problem(
                f"{shown(self.name)} is a name of the platform's own", hint="take another name"
            )
        return self
