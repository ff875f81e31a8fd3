"""The settings of a property, or what holds without one: read without the models of properties.

Most sites describe no property, and their builds need not load it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property
    from prefetchrouter.rules.typed_property import UnsupportedConditions

_NO_FACTS: Mapping[str, str] = MappingProxyType({})


def unsupported_conditions(property: Property | None) -> UnsupportedConditions:
    """Return how the manifest treats conditions that browsers cannot evaluate.

    Example:
        >>> from prefetchrouter import Property
        >>> unsupported_conditions(None), unsupported_conditions(Property(unsupported_conditions="drop"))
        ('ignore', 'drop')
    """
    return "ignore" if property is None else property.unsupported_conditions or "ignore"


def keeps_encoded_slashes(property: Property | None) -> bool:
    """Return whether paths keep ``%2F`` and ``%5C`` encoded.

    Example:
        >>> from prefetchrouter import Property
        >>> keeps_encoded_slashes(None), keeps_encoded_slashes(Property(encoded_slashes="keep"))
        (False, True)
    """
    return property is not None and property.encoded_slashes == "keep"


def refuses_path_parameters(property: Property | None) -> bool:
    """Return whether a path such as ``/admin;x`` may be refused for the rules on ``/admin``.

    Example:
        >>> from prefetchrouter import Property
        >>> refuses_path_parameters(None), refuses_path_parameters(Property(path_parameters="keep"))
        (True, False)
    """
    return property is None or property.path_parameters != "keep"


def facts_of(property: Property | None) -> Mapping[str, str]:
    """Return where a site finds facts about its visitors, by the names of the facts.

    Example:
        >>> from prefetchrouter import Property
        >>> dict(facts_of(Property(facts={"location.country": "header:CF-IPCountry"})))
        {'location.country': 'header:cf-ipcountry'}
    """
    return _NO_FACTS if property is None or property.facts is None else property.facts
