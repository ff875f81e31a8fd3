"""What stands around the rules: the origins that answer, and the hostnames that are served.

`docs/property.md` shows the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BeforeValidator, ValidationError, model_validator

from prefetchrouter.errors import Diagnostic, PropertyError, did_you_mean, shown
from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.feature_errors import Problems, feature_error
from prefetchrouter.rules.features import containers, text
from prefetchrouter.rules.features.fields import Given, option, required
from prefetchrouter.rules.features.kinds import Flag, Natural, Number, SomeText, Statuses
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.features.text import Check, Checked
from prefetchrouter.rules.typed_property import (
    Balancer,
    DnsPreference,
    EncodedSlashes,
    ForeignPrefetch,
    OriginBalancer,
    OriginType,
    PathParameters,
    Scheme,
    UnsupportedConditions,
)

if TYPE_CHECKING:
    from typing import Unpack

    from prefetchrouter.rules import typed_property as typed

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
        raise _problem(f"{shown(value)} is not a host", 'a name such as "origin.shop.example"', _cure(value))
    return value


def _cure(value: object) -> str | None:
    """Return how to write a host that has a scheme or a port with it."""
    found = re.fullmatch(r"(?:(https?)://)?([^/:]+)(?::(\d+))?/?", value) if isinstance(value, str) else None
    if found is None or not _HOST.fullmatch(found[2]):
        return None
    place = f'[Location(hostname="{found[2]}", port={found[3]})]' if found[3] else f'"{found[2]}"'
    return f'write Host(location={place}, scheme="{found[1] or "https"}")'


def is_host_name(text: str) -> bool:
    """Return whether a text is a host name of two labels or more.

    Example:
        >>> is_host_name("www.shop.example"), is_host_name("https://shop.example")
        (True, False)
    """
    return _HOST.fullmatch(text) is not None and "." in text and not text.startswith("[")


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


def _fingerprint(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-fA-F]{40}", value):
        raise _problem(f"{shown(value)} is not a fingerprint", "40 hexadecimal digits")
    return value


def _shield(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}|bypass", value):
        raise _problem(f"{shown(value)} is not a shield", 'three capital letters, or "bypass"')
    return value


def _words(options: Any) -> Checked:
    words = get_args(options)
    return Checked(text.choice(*words), options, ", ".join(words))


def _entry(model: type[Section], key: str) -> Check[Any]:
    """Return a check for a description, or for the text that alone makes one."""

    def check(value: object) -> Any:
        if isinstance(value, str):
            return model.read({key: value})
        if isinstance(value, Mapping | model):
            return model.read(value)
        raise _problem(
            f"{shown(value)} is not a {model.__name__}", f"text, a mapping or {model.__name__}(...)"
        )

    return check


def _list_of(model: type[Section], key: str, *, least: int = 0) -> BeforeValidator:
    return BeforeValidator(containers.list_of(_entry(model, key), least=least))


_REGIONS = ("apac", "emea", "us_west", "us_east", "global")
_SHIELDS = Checked(
    containers.mapping_of(text.choice(*_REGIONS), _shield, '{"us_east": "DCD"}'),
    dict[str, str],
    "places by region",
)

HostName = Annotated[str, BeforeValidator(_host)]
ServedName = Annotated[str, BeforeValidator(_hostname)]
OriginName = Annotated[str, BeforeValidator(_name)]
Port = Annotated[int, BeforeValidator(_port)]
Fingerprints = Annotated[tuple[str, ...], BeforeValidator(containers.list_of(_fingerprint, most=5))]


class _Described(Section):
    """A part of the description; its errors are `PropertyError`s."""

    @classmethod
    def _error(cls, error: ValidationError) -> PropertyError:
        problems = feature_error(error).diagnostics
        return PropertyError(*(replace(found, code="property") for found in problems))


class Location(_Described):
    """A host and port that an origin is reached at."""

    hostname: HostName = required("The host.")
    port: Given[Port] = option("The port; needs a scheme beside it.")


def _location(value: object) -> Any:
    return _host(value) if isinstance(value, str) else _entry(Location, "hostname")(value)


def _locations(value: object) -> Any:
    return _host(value) if isinstance(value, str) else containers.list_of(_location, least=1, most=10)(value)


class Host(_Described):
    """One server, or group of servers, of an origin."""

    location: Annotated[str | tuple[str | Location, ...], BeforeValidator(_locations)] = required(
        "Where it is: a host, or a list of hosts."
    )
    scheme: Given[Annotated[Scheme, _words(Scheme)]] = option("How it is spoken to.")
    dns_preference: Given[Annotated[DnsPreference, _words(DnsPreference)]] = option("Which addresses count.")
    balancer: Given[Annotated[Balancer, _words(Balancer)]] = option("Reserved.")
    weight: Given[Natural] = option("Reserved.")
    dns_min_ttl: Given[Natural] = option("Reserved.")
    dns_max_ttl: Given[Natural] = option("Reserved.")
    max_pool: Given[Natural] = option("Reserved.")
    max_hard_pool: Given[Natural] = option("Reserved.")
    override_host_header: Given[HostName] = option("The Host header that it gets.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.HostDict]) -> None: ...


class TlsVerify(_Described):
    """How the certificate of an origin is checked."""

    use_sni: Given[Flag] = option("Whether to name the host in the handshake.")
    sni_hint_and_strict_san_check: Given[HostName] = option("The name that the certificate must carry.")
    allow_self_signed_certs: Given[Flag] = option("Whether a self-signed certificate will do.")
    pinned_certs: Given[Fingerprints] = option("SHA-1 fingerprints, at most five.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.TlsVerifyDict]) -> None: ...


class Retry(_Described):
    """When a failed request is sent again."""

    status_codes: Statuses = required("The statuses to retry after.")
    max_requests: Natural = required("How many requests at the most.")
    max_wait_seconds: Natural = required("How many seconds to wait at the most.")
    after_seconds: Given[Number] = option("Seconds to wait before each.")
    ignore_retry_after_header: Given[Flag] = option("Whether the origin's Retry-After counts for nothing.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.RetryDict]) -> None: ...


class Origin(_Described):
    """A server, or several, that the edge fetches from.

    Raises:
        PropertyError: Something in it is wrong.

    Example:
        >>> Origin(name="web", hosts=["origin.shop.example"]).hosts[0].location
        'origin.shop.example'
    """

    name: OriginName = required("What rules call it.")
    type: Given[Annotated[OriginType, _words(OriginType)]] = option("The kind of origin.")
    hosts: Given[Annotated[tuple[Host, ...], _list_of(Host, "location")]] = option("Where it is.")
    balancer: Given[Annotated[OriginBalancer, _words(OriginBalancer)]] = option(
        "How requests are spread over the hosts."
    )
    override_host_header: Given[HostName] = option("The Host header that it gets.")
    shields: Given[Annotated[FrozenDict[str, str], _SHIELDS]] = option("Shield locations by region.")
    pci_certified_shields: Given[Flag] = option("Whether only certified shields will do.")
    tls_verify: Given[TlsVerify] = option("How its certificate is checked.")
    retry: Given[Retry] = option("When a failed request is sent again.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.OriginDict]) -> None: ...

    @model_validator(mode="after")
    def _not_reserved(self) -> Origin:
        if self.name in SYSTEM_ORIGINS or self.name.startswith("edgio_"):
            raise _problem(f"{shown(self.name)} is a name of the platform's own", hint="take another name")
        return self


class Hostname(_Described):
    """A hostname that is served, and the origin behind it unless a rule says otherwise."""

    hostname: ServedName = required("The name.")
    default_origin_name: Given[OriginName] = option("The origin that answers where no rule sets one.")
    report_code: Given[Natural] = option("Reserved.")
    directory: Given[SomeText] = option("A folder that paths are taken from.")
    tls: Given[dict[str, Any]] = option("TLS settings, passed on as they stand.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.HostnameDict]) -> None: ...


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
    origins: Given[Annotated[tuple[Origin, ...], _list_of(Origin, "name")]] = option(
        "Where responses come from."
    )
    hostnames: Given[Annotated[tuple[Hostname, ...], _list_of(Hostname, "hostname", least=1)]] = option(
        "What it is served under."
    )
    foreign_prefetch: Given[Annotated[ForeignPrefetch, _words(ForeignPrefetch)]] = option(
        "Whether prefetches by others than this project's scripts may reach the origin: refused (the usual)"
        " where nothing is stored, or allowed."
    )

    encoded_slashes: Given[Annotated[EncodedSlashes, _words(EncodedSlashes)]] = option(
        "Whether paths with %2F or %5C are refused, which is the usual, or kept."
    )
    path_parameters: Given[Annotated[PathParameters, _words(PathParameters)]] = option(
        "Whether a path with a semicolon is refused where rules apply to it only without what follows that,"
        " which is the usual, or kept."
    )

    unsupported_conditions: Given[Annotated[UnsupportedConditions, _words(UnsupportedConditions)]] = option(
        "What the manifest does with conditions that browsers cannot decide: list the rule without them"
        " (ignore, the usual), or leave the rule out (drop)."
    )

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[typed.PropertyDict]) -> None: ...

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


def unsupported_conditions(property: Property | None) -> UnsupportedConditions:
    """Return what the manifest does with conditions that browsers cannot decide.

    Example:
        >>> unsupported_conditions(None), unsupported_conditions(Property(unsupported_conditions="drop"))
        ('ignore', 'drop')
    """
    return "ignore" if property is None else property.unsupported_conditions or "ignore"


def keeps_encoded_slashes(property: Property | None) -> bool:
    """Return whether paths with ``%2F`` and ``%5C`` are taken as they are.

    Example:
        >>> keeps_encoded_slashes(None), keeps_encoded_slashes(Property(encoded_slashes="keep"))
        (False, True)
    """
    return property is not None and property.encoded_slashes == "keep"
