"""What stands around the rules: the origins that answer, and the hostnames that are served.

`docs/property.md` shows the whole of it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from prefetchrouter.errors import Diagnostic, PropertyError, did_you_mean, shown
from prefetchrouter.rules.feature_errors import Problems, feature_error
from prefetchrouter.rules.features.kinds import Flag, Natural, Number, SomeText, Statuses
from prefetchrouter.rules.features.section import Given, Section, option, required
from prefetchrouter.source import caller

SYSTEM_ORIGINS = (
    "edgio_static",
    "edgio_permanent_static",
    "edgio_serverless",
    "edgio_image_optimizer",
    "edgio_self",
)
"""Origins that exist without being described."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+|localhost|\[[0-9a-fA-F:.]+\]")
_WILD_HOST = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})+|localhost")


def _problem(message: str, expected: str | None = None, hint: str | None = None) -> Problems:
    return Problems([((), Diagnostic("property", message, expected=expected, hint=hint))])


def _host(value: object) -> str:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        raise _problem(f"{shown(value)} is not a host name", 'a name such as "origin.shop.example"')
    return value


def _hostname(value: object) -> str:
    if not isinstance(value, str) or not _WILD_HOST.fullmatch(value):
        raise _problem(f"{shown(value)} is not a hostname", 'a name such as "www.shop.example"')
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-zA-Z0-9_.-]{1,200}", value):
        raise _problem(f"{shown(value)} is not a name", "letters, digits, _ . and -")
    return value


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise _problem(f"{shown(value)} is not a port", "a whole number from 1 to 65535")
    return value


def _list(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


HostName = Annotated[str, BeforeValidator(_host)]
ServedName = Annotated[str, BeforeValidator(_hostname)]
OriginName = Annotated[str, BeforeValidator(_name)]
Port = Annotated[int, BeforeValidator(_port)]


class _Described(Section):
    """A part of the description; its errors are `PropertyError`s."""

    def __init__(self, /, **fields: Any) -> None:
        try:
            self.__pydantic_validator__.validate_python(fields, self_instance=self)
        except ValidationError as error:
            raise PropertyError(*feature_error(error).diagnostics).at(caller()) from None

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]


class Location(_Described):
    """A host and port that an origin is reached at."""

    hostname: HostName = required("The host.")
    port: Given[Port] = option("The port; needs a scheme beside it.")


def _locations(value: object) -> Any:
    entries = value if isinstance(value, list | tuple) else [value]
    if not 1 <= len(entries) <= 10:
        raise _problem(f"{len(entries)} locations", "1 to 10")
    for entry in entries:
        if isinstance(entry, str):
            _host(entry)
    return _list(value)


class Host(_Described):
    """One server, or group of servers, of an origin."""

    location: Annotated[HostName | tuple[HostName | Location, ...], BeforeValidator(_locations)] = required(
        "Where it is: a host, or a list of hosts."
    )
    scheme: Given[Literal["http", "https", "match"]] = option("How it is spoken to.")
    dns_preference: Given[Literal["prefv4", "prefv6", "onlyv4", "onlyv6"]] = option("Which addresses count.")
    balancer: Given[Literal["primary_failover", "round_robin", "carp", "sqf"]] = option("Reserved.")
    weight: Given[Natural] = option("Reserved.")
    dns_min_ttl: Given[Natural] = option("Reserved.")
    dns_max_ttl: Given[Natural] = option("Reserved.")
    max_pool: Given[Natural] = option("Reserved.")
    max_hard_pool: Given[Natural] = option("Reserved.")
    override_host_header: Given[HostName] = option("The Host header that it gets.")


class TlsVerify(_Described):
    """How the certificate of an origin is checked."""

    use_sni: Given[Flag] = option("Whether to name the host in the handshake.")
    sni_hint_and_strict_san_check: Given[HostName] = option("The name that the certificate must carry.")
    allow_self_signed_certs: Given[Flag] = option("Whether a self-signed certificate will do.")
    pinned_certs: Given[Annotated[tuple[SomeText, ...], BeforeValidator(_list)]] = option(
        "Fingerprints, at most five."
    )


class Retry(_Described):
    """When a failed request is sent again."""

    status_codes: Statuses = required("The statuses to retry after.")
    max_requests: Natural = required("How many requests at the most.")
    max_wait_seconds: Natural = required("How many seconds to wait at the most.")
    after_seconds: Given[Number] = option("Seconds to wait before each.")
    ignore_retry_after_header: Given[Flag] = option("Whether the origin's Retry-After counts.")


def _hosts(value: object) -> Any:
    entries = _list(value)
    if not isinstance(entries, tuple):
        raise _problem(f"{shown(value)} is not a list of hosts", '["origin.shop.example"]')
    return tuple({"location": entry} if isinstance(entry, str) else entry for entry in entries)


class Origin(_Described):
    """A server, or several, that the edge fetches from.

    Raises:
        PropertyError: Something in it is wrong.

    Example:
        >>> Origin(name="web", hosts=["origin.shop.example"]).hosts[0].location
        'origin.shop.example'
    """

    name: OriginName = required("What rules call it.")
    type: Given[Literal["customer_origin", "cdn_storage"]] = option("The kind of origin.")
    hosts: Given[Annotated[tuple[Host, ...], BeforeValidator(_hosts)]] = option("Where it is.")
    balancer: Given[
        Literal[
            "primary_failover", "round_robin", "carp", "carp64",
            "static_with_tags", "static_weighted", "static_nocache_bypass", "sqf",
        ]
    ] = option("How requests are spread over the hosts.")  # fmt: skip
    override_host_header: Given[HostName] = option("The Host header that it gets.")
    shields: Given[dict[str, str]] = option("Shield locations by region.")
    pci_certified_shields: Given[Flag] = option("Whether only certified shields will do.")
    tls_verify: Given[TlsVerify] = option("How its certificate is checked.")
    retry: Given[Retry] = option("When a failed request is sent again.")

    @model_validator(mode="after")
    def _not_reserved(self) -> Origin:
        if self.name in SYSTEM_ORIGINS or self.name.startswith("edgio_"):
            raise _problem(f"{shown(self.name)} is a name of the platform's own", hint="take another name")
        return self


def _hostnames(value: object) -> Any:
    entries = _list(value)
    if not isinstance(entries, tuple):
        raise _problem(f"{shown(value)} is not a list of hostnames", '["www.shop.example"]')
    return tuple({"hostname": entry} if isinstance(entry, str) else entry for entry in entries)


class Hostname(_Described):
    """A hostname that is served, and the origin behind it unless a rule says otherwise."""

    hostname: ServedName = required("The name.")
    default_origin_name: Given[OriginName] = option("The origin that answers where no rule sets one.")
    report_code: Given[Natural] = option("Reserved.")
    directory: Given[SomeText] = option("A folder that paths are taken from.")
    tls: Given[dict[str, Any]] = option("TLS settings, passed on as they stand.")


class Property(_Described):
    """A site: its name, its origins, and the hostnames it is served under.

    Once origins are given, a rule that sets an unknown one is an error.

    Raises:
        PropertyError: Something in it is wrong.

    Example:
        >>> site = Property(
        ...     name="shop",
        ...     origins=[Origin(name="web", hosts=["origin.shop.example"])],
        ...     hostnames=["www.shop.example"],
        ... )
        >>> site.origin_names
        ('web',)
    """

    name: Given[SomeText] = option("What the site is called.")
    origins: Given[Annotated[tuple[Origin, ...], BeforeValidator(_list)]] = option(
        "Where responses come from."
    )
    hostnames: Given[Annotated[tuple[Hostname, ...], BeforeValidator(_hostnames), Field(min_length=1)]] = (
        option("What it is served under.")
    )

    @property
    def origin_names(self) -> tuple[str, ...]:
        """The names of its origins."""
        return tuple(origin.name for origin in self.origins or ())

    @model_validator(mode="after")
    def _names_fit(self) -> Property:
        names = self.origin_names
        twice = [name for number, name in enumerate(names) if name in names[:number]]
        if twice:
            raise _problem(f"origins: {shown(twice[0])} is there twice", hint="give each its own name")
        for hostname in self.hostnames or ():
            name = hostname.default_origin_name
            if name is not None and self.origins is not None and name not in (*names, *SYSTEM_ORIGINS):
                raise _problem(
                    f"hostnames: default_origin_name {shown(name)} is not an origin",
                    expected="one of " + ", ".join(names),
                    hint=did_you_mean(name, names),
                )
        return self
