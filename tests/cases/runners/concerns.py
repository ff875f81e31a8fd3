"""What a case can concern: the names that support tables use."""

from __future__ import annotations

from functools import lru_cache

from prefetchrouter.catalog import FEATURES
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.variables import NAMESPACES, lookup
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.support import CONSTRUCTS, Kind
from prefetchrouter.targets.value_forms import VALUE_FORMS


@lru_cache(maxsize=1024)
def kind_of(name: str) -> Kind | None:
    """Return what a name names, or None."""
    if name in EDGE_RULES:
        return "edge rule"
    if name in OPERATORS:
        return "operator"
    if name in CONSTRUCTS:
        return "construct"
    if name in VALUE_FORMS:
        return "value form"
    if any(name == key or name.startswith(f"{key}.") for key in map(str, FEATURES)):
        return "feature"
    above, _, last = name.rpartition(".")
    if name in NAMESPACES or (above in NAMESPACES and lookup(above, last) is not None):
        return "variable"
    return None


def unknown_concern(name: str) -> str | None:
    """Return what is wrong with a name below `concerns:`, None for one that is known."""
    if kind_of(name) is not None:
        return None
    return (
        f"{name!r} is neither a rule of edge behaviour (E1 to {[*EDGE_RULES][-1]}) nor a feature, variable, "
        "operator, construct or value form"
    )
