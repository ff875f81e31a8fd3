"""How features of several rules become one: key by key, in rule order, and the later value wins.

A mapping by header name, status code or variable name is merged name by name. What several rules may each
add to (`add_response_headers`, a ``+name``, names to remove) is gathered: nothing is overridden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from prefetchrouter.catalog import keys
from prefetchrouter.catalog.features import FEATURES, FeatureSpec, feature_of, split_key
from prefetchrouter.catalog.key import Key, NamedKey
from prefetchrouter.rules.base import FrozenDict
from prefetchrouter.rules.features import (
    Features,
    Section,
    ShieldedDuration,
    ShieldedFlag,
    ShieldedHeaderNames,
    ShieldedRequestHeaders,
    ShieldedResponseHeaders,
    ShieldedTreatment,
    items,
    written,
)
from prefetchrouter.rules.rule import Apply
from prefetchrouter.rules.rule_json import EDGE_FUNCTION_VERSION
from prefetchrouter.source import Source

if TYPE_CHECKING:
    from prefetchrouter.evaluation.compile import Leaf

T = TypeVar("T")
Made = TypeVar("Made")

_NAME_LISTS = tuple(spec for spec in FEATURES.values() if spec.merge == "header-names")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that a rule sets.

    Args:
        key: Where it belongs, such as ``"caching.max_age.200"``; header names are in lower case.
        value: The value as the model holds it.
        gathers: Whether it stands beside earlier values, rather than in their place.
    """

    key: str
    value: object
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value that applies to a request.

    Args:
        key: The feature, such as ``"caching.bypass_cache"`` or ``"caching.max_age.200"``.
        value: The value as the rule holds it.
        source: The line that set it.
        rule: The features object that set it.
        overrode: The values of earlier rules in whose place it stands, the latest first.
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


def entries_of(apply: Apply) -> tuple[Entry, ...]:
    """Return what a features object sets, value by value.

    Example:
        >>> apply = Apply(features=Features(caching={"max_age": "1h", "bypass_cache": False}))
        >>> [(entry.key, entry.value) for entry in entries_of(apply)]
        [('caching.max_age.200', '1h'), ('caching.bypass_cache', False)]
    """
    return tuple(_entries(apply.features))


def _entries(features: Features) -> Iterator[Entry]:
    for name, part in items(features):
        if isinstance(part, Section):
            for own, value in items(part):
                yield from _feature(FEATURES[f"{name}.{own}"], value, part)
        else:
            yield from _feature(FEATURES[name], part, features)


def _feature(spec: FeatureSpec, value: object, section: Section) -> Iterator[Entry]:
    key = str(spec.key)
    if isinstance(value, ShieldedFlag | ShieldedTreatment | ShieldedDuration):
        value = value.value
    elif isinstance(value, ShieldedRequestHeaders | ShieldedResponseHeaders | ShieldedHeaderNames):
        value = value.headers
    match spec.merge:
        case "none":
            return
        case "status":
            if isinstance(value, str):
                codes = getattr(section, spec.codes_from) if spec.codes_from else None
                value = dict.fromkeys(["200", *map(str, codes or ())], value)
            yield from (Entry(f"{key}.{name}", part) for name, part in _parts(value))
        case "name":
            yield from (Entry(f"{key}.{name}", part) for name, part in _parts(value))
        case "header":
            for name, part in _parts(value):
                yield Entry(f"{key}.{name.lower()}", part, gathers=name.startswith("+"))
        case "added-header":
            yield from (Entry(f"{key}.{name.lower()}", part, gathers=True) for name, part in _parts(value))
        case "header-names":
            assert isinstance(value, tuple)
            yield from (Entry(f"{key}.{name.lower()}", True) for name in value)
        case "value":
            is_path = key == keys.edge_function and isinstance(value, str)
            yield Entry(key, {"js_path": value, "version": EDGE_FUNCTION_VERSION} if is_path else value)


def _parts(value: object) -> Iterable[tuple[str, object]]:
    assert isinstance(value, Mapping)
    return value.items()


@dataclass(slots=True)
class Setting:
    """A value in the making: who set it, and the one before it."""

    entry: Entry
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
    """The last setting of each key, and with them what has been made of them."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
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
        """Return the value of a key, None when nothing sets it; of a feature merged by name, all of it."""
        found = self.get(key)
        if found is not None:
            return cast("T", found.value)
        if not isinstance(key, NamedKey):
            return None
        start = f"{key}."
        parts = {name[len(start) :]: part.value for name, part in self.items() if name.startswith(start)}
        return cast("T", whole(key, parts)) if parts else None


def merge(leaves: Iterable[Leaf]) -> Merged:
    """Return the last setting of each key, linked to those before it."""
    merged = Merged()
    for leaf in leaves:
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
