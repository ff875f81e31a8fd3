"""How features of several rules become one: key by key, in rule order, and the later value wins.

A mapping by header name, status code or variable name is merged name by name. What several rules may each
add to (`add_response_headers`, a ``+name``, names to remove) is gathered: nothing is overridden.

`merge` links settings and makes nothing else, since most of what is merged for a request is never looked at;
`values_of` makes of them what users see, with the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from prefetchrouter.catalog.feature_specs import FEATURES, feature_of, split_key
from prefetchrouter.catalog.key import Key, NamedKey
from prefetchrouter.evaluation.entries import FeatureEntry
from prefetchrouter.evaluation.leaf import Leaf
from prefetchrouter.rules.features import written
from prefetchrouter.rules.node import FrozenDict
from prefetchrouter.rules.rule import Apply
from prefetchrouter.source import Source

T = TypeVar("T")
Made = TypeVar("Made")

_NAME_LISTS = tuple(spec for spec in FEATURES.values() if spec.merge == "header-names")


@dataclass(frozen=True, slots=True)
class Value:
    """A value that applies to a request.

    Args:
        key: The feature, such as ``"caching.bypass_cache"`` or ``"caching.max_age.200"``.
        value: The value as the rule holds it.
        source: The line that set it.
        rule: The features object that set it.
        overrode: The values of earlier rules that it replaces, the latest first.
        late: Whether a condition on the response decided it.
    """

    key: str
    value: Any
    source: Source | None
    rule: Apply
    overrode: tuple[Value, ...] = ()
    late: bool = False

    @property
    def has_effect(self) -> bool:
        """Whether it acts: a feature that acts before there is a response cannot be chosen by one."""
        if not self.late:
            return True
        spec = feature_of(self.key)
        return spec is None or spec.phase == "response"


@dataclass(slots=True)
class Setting:
    """A value in the making: who set it, and the one before it.

    Args:
        entry: The key and its value.
        leaf: The features that set it.
        before: The setting of the same key by an earlier rule: a linked list from the last to the first. One
            more rule costs one small object; only who shows what is overridden reads on.
    """

    entry: FeatureEntry
    leaf: Leaf
    before: Setting | None

    @property
    def value(self) -> Any:
        """The merged value: of a gathered one all texts, in rule order."""
        if not self.entry.gathers:
            return self.entry.value
        texts = []
        link: Setting | None = self
        while link is not None:
            texts.append(link.entry.value)
            link = link.before
        return tuple(reversed(texts))


class Merged(dict[str, Setting]):
    """The last setting of each key, with what was derived from all of them."""

    __slots__ = ("_made", "leaves")

    def __init__(self, leaves: tuple[Leaf, ...] = ()) -> None:
        self.leaves = leaves
        """The features that were merged, in order."""
        self._made: dict[Callable[[Merged], Any], Any] = {}

    def made(self, make: Callable[[Merged], Made]) -> Made:
        """Return what a function makes of these settings, each time the same object.

        Args:
            make: The function; it may look at nothing else.
        """
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])

    def value(self, key: Key[T]) -> T | None:
        """Return the value of a key, or None if nothing sets it; of a feature merged by name, all of it."""
        found = self.get(key)
        if found is not None:
            # Most values are of one rule: this way is walked for each request.
            entry = found.entry
            return cast("T", found.value) if entry.gathers else entry.value  # type: ignore[return-value]
        if type(key) is Key or not isinstance(key, NamedKey):
            return None
        start = f"{key}."
        parts = {name[len(start) :]: part.value for name, part in self.items() if name.startswith(start)}
        return cast("T", whole(key, parts)) if parts else None


def merge(leaves: Iterable[Leaf]) -> Merged:
    """Return the last setting of each key, linked to those before it."""
    merged = Merged(tuple(leaves))
    for leaf in merged.leaves:
        for entry in leaf.entries:
            merged[entry.key] = Setting(entry, leaf, merged.get(entry.key))
    return merged


def values_of(merged: Merged, late: frozenset[Leaf]) -> dict[str, Value]:
    """Return the values with what they overrode; a gathered one has all its texts as a tuple."""
    return {key: _value(key, setting, late) for key, setting in merged.items()}


def _value(key: str, setting: Setting, late: frozenset[Leaf]) -> Value:
    chain: list[Setting] = []
    link: Setting | None = setting
    while link is not None:
        chain.append(link)
        link = link.before
    if setting.entry.gathers:
        own: object = tuple(link.entry.value for link in reversed(chain))
        chain = chain[:1]
    else:
        own = setting.entry.value
    overrode = tuple(
        Value(key, link.entry.value, link.leaf.apply.source, link.leaf.apply, (), link.leaf in late)
        for link in chain[1:]
    )
    return Value(key, own, setting.leaf.apply.source, setting.leaf.apply, overrode, setting.leaf in late)


def value_by_name(key: NamedKey[Any, Any], values: Mapping[str, Value], rules: list[Apply]) -> Value | None:
    """Return a feature that is merged name by name as one value, of the last rule that set any part of it.

    Args:
        key: The feature, such as ``caching.max_age``.
        values: All values by their keys.
        rules: The features objects that apply, in order.
    """
    found = {name[len(key) + 1 :]: value for name, value in values.items() if name.startswith(f"{key}.")}
    if not found:
        return None
    order = {id(rule): number for number, rule in enumerate(rules)}
    last = max(found.values(), key=lambda value: order[id(value.rule)])
    overrode = tuple(old for value in found.values() for old in value.overrode)
    parts = {name: value.value for name, value in found.items()}
    return Value(key, whole(key, parts), last.source, last.rule, overrode, last.late)


def whole(key: NamedKey[Any, Any], parts: Mapping[str, Any]) -> object:
    """Return all of a feature that is merged name by name: its values by name, or only the names."""
    return tuple(parts) if FEATURES[key].merge == "header-names" else FrozenDict(parts)


def as_features(values: Mapping[str, Value]) -> dict[str, Any]:
    """Return merged values as the plain mapping that a rule set's JSON would hold."""
    features: dict[str, Any] = {}
    for key, value in values.items():
        place, names = features, split_key(key)
        for name in names[:-1]:
            place = place.setdefault(name, {})
        place[names[-1]] = written(value.value)
    for spec in _NAME_LISTS:
        if spec.name in features.get(spec.section, {}):
            features[spec.section][spec.name] = list(features[spec.section][spec.name])
    return features
