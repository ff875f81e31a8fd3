"""What the settings of a site say about every request, looked up once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefetchrouter.evaluation.context import DEFAULT_HOST
from prefetchrouter.rules.facts import header_facts
from prefetchrouter.rules.property_settings import facts_of, keeps_encoded_slashes

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property


class SiteSettings:
    """A site's settings as evaluation needs them; the same object for all its decisions.

    Args:
        property: The settings as they were written, or None.

    Example:
        >>> from prefetchrouter import Hostname, Property
        >>> hostname = Hostname(hostname="*.shop.example", default_origin_name="web")
        >>> site = SiteSettings(Property(hostnames=[hostname]))
        >>> site.host, site.default_origin("www.shop.example:8080")
        ('localhost', 'web')
    """

    __slots__ = (
        "_hostnames",
        "fact_headers",
        "host",
        "keeps_encoded_slashes",
        "keeps_path_parameters",
        "property",
    )

    def __init__(self, property: Property | None = None) -> None:
        self.property = property
        self.keeps_encoded_slashes = keeps_encoded_slashes(property)
        """Whether ``%2F`` and ``%5C`` in a path are taken as they are."""
        self.keeps_path_parameters = property is not None and property.path_parameters == "keep"
        """Whether ``/admin;x`` is harmless where rules apply to ``/admin``."""
        self.fact_headers = header_facts(facts_of(property))
        """The header in which each fact is found, where the settings name one."""
        self._hostnames = {found.hostname.lower(): found for found in (property and property.hostnames) or ()}
        self.host = next((name for name in self._hostnames if not name.startswith("*")), DEFAULT_HOST)
        """The host of a request that names none: the first hostname."""

    def default_origin(self, host: str) -> str | None:
        """Return the origin of a host where no rule sets one, or None if the settings name none."""
        known = self._hostnames
        if not known:
            return None
        name = host.partition(":")[0]
        found = known.get(name) or next(
            (known[f"*.{parent}"] for parent in _parents(name) if f"*.{parent}" in known), None
        )
        return None if found is None else found.default_origin_name


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))]
