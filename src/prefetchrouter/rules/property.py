"""The site around the rules: its origins and hostnames.

See `docs/property.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from pydantic import BeforeValidator, model_validator

from prefetchrouter.errors import did_you_mean, shown
from prefetchrouter.moved import moved_name
from prefetchrouter.rules.facts import fact_sources
from prefetchrouter.rules.features.fields import Given, option, required
from prefetchrouter.rules.features.kinds import Natural, SomeText
from prefetchrouter.rules.features.value_checks import Checked
from prefetchrouter.rules.host_names import LABEL, SYSTEM_ORIGINS
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.servers import (
    Described,
    Origin,
    OriginName,
    OriginSettingsDict,
    described_list,
    property_problem,
    words_of,
)
from prefetchrouter.rules.typed_property import (
    EncodedSlashes,
    ForeignPrefetch,
    HostnameDict,
    PathParameters,
    UnsupportedConditions,
)

if TYPE_CHECKING:
    from typing import Unpack


_WILD_HOST = re.compile(rf"(?:\*\.)?{LABEL}(?:\.{LABEL})+|localhost")


def _hostname(value: object) -> str:
    if not isinstance(value, str) or not _WILD_HOST.fullmatch(value):
        raise property_problem(f"{shown(value)} is not a hostname", 'a name such as "www.shop.example"')
    return value


ServedName = Annotated[str, BeforeValidator(_hostname)]


class Hostname(Described):
    """A hostname that is served, and the origin behind it unless a rule says otherwise.

    Example:
        >>> Hostname(hostname="www.shop.example", default_origin_name="web").hostname
        'www.shop.example'
    """

    hostname: ServedName = required("The name.")
    default_origin_name: Given[OriginName] = option("The origin that answers where no rule sets one.")
    report_code: Given[Natural] = option("Reserved.")
    directory: Given[SomeText] = option("A folder that paths are taken from.")
    tls: Given[dict[str, Any]] = option("TLS settings, passed on unchanged.")

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[HostnameDict]) -> None: ...


class PropertyDict(TypedDict, total=False):
    """The keys of `Property`."""

    name: str
    origins: Sequence[Origin | OriginSettingsDict]
    hostnames: Sequence[str | Hostname | HostnameDict]
    foreign_prefetch: ForeignPrefetch
    encoded_slashes: EncodedSlashes
    path_parameters: PathParameters
    facts: Mapping[str, str]
    unsupported_conditions: UnsupportedConditions


class Property(Described):
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
    origins: Given[Annotated[tuple[Origin, ...], described_list(Origin, "name")]] = option(
        "Where responses come from."
    )
    hostnames: Given[Annotated[tuple[Hostname, ...], described_list(Hostname, "hostname", least=1)]] = option(
        "What it is served under."
    )
    foreign_prefetch: Given[Annotated[ForeignPrefetch, words_of(ForeignPrefetch)]] = option(
        "Whether prefetches by others than this project's scripts may reach the origin: refused (the usual)"
        " where nothing is stored, or allowed."
    )

    encoded_slashes: Given[Annotated[EncodedSlashes, words_of(EncodedSlashes)]] = option(
        "Whether paths with %2F or %5C are refused, which is the usual, or kept."
    )
    path_parameters: Given[Annotated[PathParameters, words_of(PathParameters)]] = option(
        "Whether a path with a semicolon is refused where rules apply to it only without what follows that,"
        " which is the usual, or kept."
    )

    facts: Given[
        Annotated[FrozenDict[str, str], Checked(fact_sources, Mapping[str, str], "sources by name")]
    ] = option(
        "Where facts about visitors are found, such as"
        ' {"location.country": "header:cf-ipcountry", "location.city": "platform:city"}.'
    )

    unsupported_conditions: Given[Annotated[UnsupportedConditions, words_of(UnsupportedConditions)]] = option(
        "What the manifest does with conditions that browsers cannot decide: list the rule without them"
        " (ignore, the usual), or leave the rule out (drop)."
    )

    if TYPE_CHECKING:

        def __init__(self, **fields: Unpack[PropertyDict]) -> None: ...

    @property
    def origin_names(self) -> tuple[str, ...]:
        """The names of its origins."""
        return tuple(origin.name for origin in self.origins or ())

    @model_validator(mode="after")
    def _names_fit(self) -> Property:
        names = self.origin_names
        twice = [name for number, name in enumerate(names) if name in names[:number]]
        if twice:
            raise property_problem(f"origins: {shown(twice[0])} appears twice", hint="give each its own name")
        for hostname in self.hostnames or ():
            name = hostname.default_origin_name
            if name is not None and self.origins is not None and name not in (*names, *SYSTEM_ORIGINS):
                raise property_problem(
                    f"hostnames: default_origin_name {shown(name)} is not an origin",
                    expected="one of " + ", ".join(names),
                    hint=did_you_mean(name, names),
                )
        return self


def __getattr__(name: str) -> object:
    return moved_name(__name__, name, depth=2)
