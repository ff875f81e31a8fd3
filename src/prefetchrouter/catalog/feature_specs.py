"""What is known of each feature, read from the fields of the models in `prefetchrouter.rules.features`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic.fields import FieldInfo

from prefetchrouter.catalog.key import HeaderKey, Key, NamedKey, StatusKey
from prefetchrouter.errors import FeatureError, did_you_mean, shown
from prefetchrouter.rules.features.features import Features
from prefetchrouter.rules.features.fields import FeatureFacts, Merge, facts_of
from prefetchrouter.rules.features.kept import once_for_each
from prefetchrouter.rules.features.section import Section


@dataclass(frozen=True, slots=True)
class FeatureSpec(FeatureFacts):
    """One feature of the catalogue: the facts that stand beside its field, and what follows from its place.

    Args:
        key: What leads to its value in a decision, such as ``"caching.max_age"``.
        section: The section that holds it; ``""`` beside the sections.
        name: Its name there.
        summary: What it does, in one sentence.
        example: A value that it takes.
        default: What an edge does when it is not set; None if nothing is documented.
        phase: ``"request"`` when it acts before there is a response.
        merge: How the values of several rules become one.
        codes_from: The feature whose status codes get a value without a code, beside 200.
        in_manifest: Whether browsers see it.
        prefetching: What it must be so that browsers may prefetch a URL; None if they do not look at it.
        elsewhere: What other programs call it.
        own: Whether the published rule schema does not have it.
        field: The field of the model.

    Example:
        >>> spec = FEATURES["caching.max_age"]
        >>> spec.merge, spec.phase, spec.in_manifest, spec.example
        ('status', 'response', True, '1h')
    """

    key: Key[Any]
    section: str
    name: str
    summary: str
    field: FieldInfo

    @property
    def is_named(self) -> bool:
        """Whether its values are merged name by name."""
        return isinstance(self.key, NamedKey)

    def of(self, features: Features) -> Any:
        """Return what one rule gives it, or None if the rule does not set it.

        Example:
            >>> FEATURES["caching.bypass_cache"].of(Features(caching={"bypass_cache": True}))
            True
        """
        section = getattr(features, self.section) if self.section else features
        return None if section is None else getattr(section, self.name)

    def forbids_prefetching(self, value: Any) -> bool:
        """Return whether browsers may not prefetch a URL to which rules give this value.

        Args:
            value: The merged value; None if no rule sets it.

        Example:
            >>> FEATURES["caching.bypass_cache"].forbids_prefetching(True)
            True
        """
        match self.prefetching:
            case "set":
                return value is None
            case "positive":
                return value is None or bool(value.seconds <= 0)
            case "not-true":
                return value is True
            case None:
                return False

    @property
    def as_written(self) -> dict[str, Any]:
        """The example as a rule holds it, such as ``{"caching": {"max_age": "1h"}}``."""
        return {self.section: {self.name: self.example}} if self.section else {self.name: self.example}


def _specs() -> Iterator[FeatureSpec]:
    for name in Features.model_fields:
        if name in Section.sections:
            yield from (_spec(name, own, field) for own, field in Section.sections[name].model_fields.items())
        else:
            yield _spec("", name, Features.model_fields[name])


def _spec(section: str, name: str, field: FieldInfo) -> FeatureSpec:
    facts = facts_of(field)
    text = f"{section}.{name}" if section else name
    return FeatureSpec(
        **{fact.name: getattr(facts, fact.name) for fact in fields(FeatureFacts)},
        key=_key_kind(facts.merge)(text),
        section=section,
        name=name,
        summary=field.description or "",
        field=field,
    )


def _key_kind(merge: Merge) -> type[Key[Any]]:
    match merge:
        case "value" | "none":
            return Key
        case "status":
            return StatusKey
        case "name":
            return NamedKey
        case "header" | "added-header" | "header-names":
            return HeaderKey


FEATURES: Mapping[str, FeatureSpec] = MappingProxyType({spec.key: spec for spec in _specs()})
"""Every feature by its key, section by section."""


def feature_of(key: str) -> FeatureSpec | None:
    """Return the feature to which a key leads, or None.

    Example:
        >>> feature_of("headers.set_response_headers.x-a.b").name, feature_of("caching.bypass_cache.x")
        ('set_response_headers', None)
    """
    found = FEATURES.get(key)
    if found is not None:
        return found
    start = ".".join(split_key(key)[:-1])
    found = FEATURES.get(start)
    return found if found is not None and found.is_named else None


def split_key(key: str) -> list[str]:
    """Return the names that lead to a value: section, feature, and name where it is merged name by name.

    Example:
        >>> split_key("headers.set_response_headers.x-a.b"), split_key("edge_function")
        (['headers', 'set_response_headers', 'x-a.b'], ['edge_function'])
    """
    return key.split(".", 2 if key.split(".", 1)[0] in Section.sections else 1)


@lru_cache(maxsize=4096)
def key_of(text: str) -> Key[Any]:
    """Return the key that a text spells, for code that knows it only as text.

    Raises:
        FeatureError: No feature has that key, or what follows it is not a name that the feature takes.

    Example:
        >>> key_of("headers.set_response_headers.X-Tier")
        'headers.set_response_headers.x-tier'
        >>> key_of("caching.bypas_cache")
        Traceback (most recent call last):
        ...
        prefetchrouter.errors.FeatureError: "caching.bypas_cache" is not the key of a feature; \
did you mean "caching.bypass_cache"? [unknown-feature]
    """
    spec = feature_of(text)
    if spec is None:
        raise FeatureError.of(
            "unknown-feature",
            f"{shown(text)} is not the key of a feature",
            expected=None if _hint(text) else 'a section and a name, such as "caching.max_age"',
            hint=_hint(text),
        )
    if len(text) > len(spec.key) and isinstance(spec.key, NamedKey):
        entry: Key[Any] = spec.key.entry(text[len(spec.key) + 1 :])
        return entry
    return spec.key


def _hint(text: str) -> str | None:
    homes = {spec.name: spec.key for spec in FEATURES.values()}
    if text in homes:
        return f'did you mean "{homes[text]}"?'
    if text and text in Section.sections:
        return f'"{text}" is a section: write the key of one of its features, such as "{_first(text)}"'
    return did_you_mean(text, FEATURES)


def _first(section: str) -> str:
    return next(spec.key for spec in FEATURES.values() if spec.section == section)


_STOPPING = tuple(spec for spec in FEATURES.values() if spec.prefetching in ("not-true", "positive"))


@once_for_each
def stops_prefetching(features: Features) -> bool:
    """Return whether the features of one rule keep the pages that it applies to from being prefetched.

    Example:
        >>> stops_prefetching(Features(caching={"bypass_cache": True})), stops_prefetching(Features())
        (True, False)
    """
    return any(
        spec.forbids_prefetching(value) for spec in _STOPPING if (value := spec.of(features)) is not None
    )
