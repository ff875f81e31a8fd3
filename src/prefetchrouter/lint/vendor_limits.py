"""Limits that vendors publish for their edges, each with where it is published.

A limit is data: what is counted, how many there may be, and the source. `checks/vendor_limit.py` counts. What
every rule set has to keep is not a limit of a vendor: it is an error of the model, wherever the rules go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from prefetchrouter.errors import CheckError, did_you_mean, shown

Counted: TypeAlias = Literal[
    "condition-members",
    "status-code",
    "capture-number",
    "origins",
    "locations",
    "reserved-settings",
    "ports-without-scheme",
    "request-body-bytes",
    "idle-seconds",
    "cache-key-features",
    "token-key-characters",
    "header-name-dots",
    "worker-bytes",
    "tag-characters",
    "tag-header-characters",
    "destination-characters",
    "response-header-bytes",
    "own-options",
]
"""What is counted."""


@dataclass(frozen=True, slots=True)
class VendorLimit:
    """One limit.

    Args:
        counted: What is counted.
        what: The same in words, as a message has it.
        source: Where the vendor publishes it.
        most: How many there may be, None for no upper bound.
        least: How many there must be.
        values: The only values that there may be, empty for any.
        hint: The cure.
    """

    counted: Counted
    what: str
    source: str
    most: int | None = None
    least: int = 0
    values: frozenset[int] = frozenset()
    hint: str | None = None

    def allows(self, number: int) -> bool:
        """Return whether a number keeps the limit.

        Example:
            >>> VendorLimit("origins", "origins", "the guide", most=2).allows(3)
            False
        """
        return (
            number >= self.least
            and (self.most is None or number <= self.most)
            and (not self.values or number in self.values)
        )


_EDGIO_STATUSES: Final = frozenset(
    (
        *range(200, 209), 226, *range(300, 303), *range(304, 309), *range(400, 419), *range(421, 427), 428,
        429, 431, 440, 444, 451, 499, *range(500, 512), *range(530, 550), 888, 893,
    )
)  # fmt: skip
"""The status codes of the type declarations."""

_EDGIO_TYPES: Final = "the type declarations of @edgio/core 7.13"
_EDGIO_SCHEMA: Final = "the JSON schema of rules, version 7.13"
_EDGIO_GUIDE: Final = "the Edgio guide"
_WORKERS: Final = "the limits page of Cloudflare Workers"
_CACHE_TAGS: Final = "the page on purging by tag of Cloudflare Cache"

VENDORS: Final[dict[str, tuple[VendorLimit, ...]]] = {
    "edgio": (
        VendorLimit(
            "condition-members", "conditions in one and or or", _EDGIO_SCHEMA, most=28, least=2,
            hint="write a list as one value, a regular expression, or nested rules",
        ),
        VendorLimit(
            "status-code", "status code", _EDGIO_TYPES, values=_EDGIO_STATUSES,
            hint="use a code that it knows, such as 302 for 303",
        ),
        VendorLimit(
            "capture-number", "groups for a destination", f"{_EDGIO_GUIDE}, url_redirect", most=9,
            hint="write (?:...) for groups whose text is not used",
        ),
        VendorLimit(
            "own-options", "sort_query_params and ignore_query_case", _EDGIO_TYPES, most=0,
            hint="name the parameters that count in include_query_params",
        ),
        VendorLimit("origins", "origins", f"{_EDGIO_GUIDE}, origin configurations", most=100),
        VendorLimit("locations", "locations of an origin", f"{_EDGIO_GUIDE}, origin configurations", most=4),
        VendorLimit(
            "reserved-settings", "reserved settings", f"{_EDGIO_GUIDE}, origin configurations", most=0,
            hint="its balancers are primary_failover and round_robin; leave out the others",
        ),
        VendorLimit(
            "ports-without-scheme", "ports without a scheme", f"{_EDGIO_GUIDE}, origin configurations",
            most=0,
            hint='write scheme="http" or scheme="https" beside the location',
        ),
        VendorLimit(
            "request-body-bytes", "bytes in cacheable_request_body_size",
            f"{_EDGIO_GUIDE}, caching and limits", least=1000, most=100 * 1024**2,
        ),
        VendorLimit(
            "idle-seconds", "seconds of read_idle_timeout", f"{_EDGIO_GUIDE}, limits", most=60,
            hint="an origin that responds later than that gets a 536",
        ),
        VendorLimit(
            "cache-key-features", "features for the cache key in one rule", f"{_EDGIO_GUIDE}, cache key",
            most=1,
            hint="write all of it in cache_key",
        ),
        VendorLimit(
            "token-key-characters", "characters in a token key", f"{_EDGIO_GUIDE}, token authentication",
            most=250,
        ),
        VendorLimit(
            "header-name-dots", "dots in a header name", f"{_EDGIO_GUIDE}, headers", most=0,
            hint="its names have letters, digits, dashes and underscores",
        ),
    ),
    "cloudflare": (
        VendorLimit(
            "worker-bytes", "compressed bytes of the Worker", f"{_WORKERS}, free plan", most=3 * 1024**2,
            hint="the paid plan allows more; a redirect table is smaller as patterns",
        ),
        VendorLimit("destination-characters", "characters in a URL", f"{_WORKERS}, requests", most=16 * 1024),
        VendorLimit(
            "response-header-bytes", "bytes in the headers of a response", f"{_WORKERS}, responses",
            most=128 * 1024,
        ),
        VendorLimit("tag-characters", "characters in a tag", _CACHE_TAGS, most=1024),
        VendorLimit("tag-header-characters", "characters in the tags of a page", _CACHE_TAGS, most=16 * 1024),
    ),
}  # fmt: skip
"""The limits of each vendor, by the name that ``lint --vendor`` takes."""


def vendors(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of vendors, each once.

    Raises:
        CheckError: There are no limits of that name.

    Example:
        >>> vendors(["edgio", "edgio"])
        ('edgio',)
    """
    found = tuple(dict.fromkeys(names))
    for name in found:
        if name not in VENDORS:
            raise CheckError.of(
                "unknown-vendor",
                f"no limits of a vendor {shown(name)} are known",
                expected=f"one of {', '.join(VENDORS)}",
                hint=did_you_mean(name, VENDORS),
            )
    return found
