"""Random values as features: features or coded errors, never another exception, never a hang."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from prefetchrouter.catalog.feature_specs import FEATURES
from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import Features, Section, features_from, reserved_headers, written

CODES = {"unknown-feature", "feature-value", "duration", "size"}
NAMES = sorted({name for section in Section.sections.values() for name in section.model_fields})
OPTIONS = ["value", "execute_on_shield", "headers", "200", "code", "source", "syntax", "js_path", "x-a"]

names = st.sampled_from([*NAMES, *OPTIONS]) | st.text(max_size=8)
texts = st.sampled_from(["1h", "1hr", "-1h", "pass", "GET", "14kB", "regexp", "9" * 5000]) | st.text(
    max_size=8
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def plausible(draw: st.DrawFn) -> dict[str, Any]:
    """Features whose names are right and whose values may be anything."""
    chosen = draw(st.lists(st.sampled_from(sorted(Section.sections)), max_size=3))
    features: dict[str, Any] = {}
    for section in chosen:
        fields = st.sampled_from(list(Section.sections[section].model_fields))
        options = draw(st.dictionaries(fields, values, max_size=3))
        features.update(options if section == "" else {section: options})
    return features


def outcome(make: Callable[..., Features], *arguments: Any) -> Features | FeatureError:
    try:
        return make(*arguments)
    except FeatureError as error:
        return error


@settings(max_examples=300)
@given(values | plausible())
def test_any_value_gives_features_or_coded_errors(value: Any) -> None:
    """What is accepted comes out as it went in, with status codes as text."""
    found = outcome(features_from, value)
    if isinstance(found, FeatureError):
        assert {diagnostic.code for diagnostic in found.diagnostics} <= CODES
        assert str(found)
    else:
        assert written(found) == value
        assert features_from(written(found)) == found
        assert hash(found) == hash(features_from(value))
        reserved_headers(found)


@settings(max_examples=300)
@given(plausible() | st.sampled_from([spec.as_written for spec in FEATURES.values()]))
def test_a_mapping_is_read_as_the_model_reads_it(value: Any) -> None:
    """The checks of the fields read mappings; the model reads those in which they refuse something."""
    found, of_model = outcome(features_from, value), outcome(Features.of, value)
    if isinstance(found, FeatureError):
        assert isinstance(of_model, FeatureError)
        assert found.diagnostics == of_model.diagnostics
    else:
        assert found == of_model
        assert repr(found) == repr(of_model)


@given(st.dictionaries(names, values, max_size=3))
def test_any_keywords_give_features_or_coded_errors(value: dict[str, Any]) -> None:
    """The constructor is no different, and knows the line."""
    found = outcome(lambda: Features(**value))
    assert isinstance(found, Features) or all(diagnostic.source for diagnostic in found.diagnostics)
