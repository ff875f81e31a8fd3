"""The catalogue of features: complete, and each entry true of its model."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.catalog import FEATURES, FeatureSpec, Key, caching, feature_of, headers, key_of, keys
from prefetchrouter.errors import FeatureError
from prefetchrouter.evaluation.entries import entries_of
from prefetchrouter.rules.features import features_from, written
from prefetchrouter.rules.rule import Apply


@pytest.mark.parametrize("spec", FEATURES.values(), ids=lambda spec: spec.key)
def test_the_example_of_a_feature_is_a_value_that_it_takes(spec: FeatureSpec) -> None:
    """And it comes back as it was written."""
    assert written(features_from(spec.as_written)) == spec.as_written


@pytest.mark.parametrize("spec", FEATURES.values(), ids=lambda spec: spec.key)
def test_every_value_of_a_feature_stands_under_its_key(spec: FeatureSpec) -> None:
    """A decision gives it back by the key, and each entry by the entry's key."""
    entries = entries_of(Apply(features=features_from(spec.as_written)))
    if spec.merge == "none":
        assert entries == ()
        return
    assert entries
    for entry in entries:
        assert feature_of(entry.key) is spec
        assert key_of(entry.key) == entry.key
        assert (entry.key == spec.key) is not spec.is_named
    decision = evaluate(Router().always(features_from(spec.as_written)), Request("/"))
    assert decision.get(spec.key) is not None
    for entry in entries:
        assert decision.get(key_of(entry.key)) is not None


def test_there_is_a_typed_key_for_every_feature() -> None:
    """The generated keys and the models agree in text and in kind."""
    spelt = [keys.edge_function, keys.set_variables]
    for section in {spec.section for spec in FEATURES.values()} - {""}:
        spelt += [value for value in vars(getattr(keys, section)).values() if isinstance(value, Key)]
    assert {key: type(key) for key in spelt} == {
        spec.key: type(spec.key) for spec in FEATURES.values() if spec.merge != "none"
    }


def test_what_a_feature_takes_its_codes_from_is_a_feature_of_its_section() -> None:
    """One that lists status codes."""
    others = {spec.key: spec.codes_from for spec in FEATURES.values() if spec.codes_from}
    assert others == {caching.max_age: "cacheable_status_codes"}
    for key, other in others.items():
        assert f"{FEATURES[key].section}.{other}" in FEATURES


def test_a_word_from_elsewhere_means_one_feature() -> None:
    """And it is not a feature's name."""
    words = [word for spec in FEATURES.values() for word in spec.elsewhere]
    assert len(words) == len(set(words))
    assert not set(words) & {spec.name for spec in FEATURES.values()}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("caching.bypas_cache", "[unknown-feature]"),
        ("caching.bypas_cache", 'did you mean "caching.bypass_cache"?'),
        ("max_age", 'did you mean "caching.max_age"?'),
        ("caching", '"caching" is a section: write the key of one of its features'),
        ("caching.bypass_cache.200", 'did you mean "caching.bypass_cache"?'),
        ("caching.max_age.foo", '"foo" is not a status code; expected a key from "100" to "599"'),
        ("caching.max_age.", "is not a status code"),
        ("headers.set_response_headers.x y", '"x y" is not a header name'),
        ("set_variables.1 2", '"1 2" is not'),
        ("nothing.at_all.like.it", 'expected a section and a name, such as "caching.max_age"'),
        ("", "expected a section and a name"),
    ],
)
def test_a_key_that_does_not_exist_is_an_error_with_a_cure(text: str, hint: str) -> None:
    """By text only: a typed key that does not exist cannot be written."""
    decision = evaluate(Router(), Request("/"))
    for read in (decision.setting, decision.value):
        with pytest.raises(FeatureError) as raised:
            read(text)
        assert hint in str(raised.value)


def test_what_rules_gather_comes_as_all_of_its_texts() -> None:
    """By its key as by the text of it."""
    router = Router().always(
        headers={"add_response_headers": {"Link": "a"}, "set_response_headers": {"x": "1"}}
    )
    router.always(headers={"add_response_headers": {"link": "b"}, "set_response_headers": {"X": "2"}})
    decision = evaluate(router, Request("/"))
    assert decision.get(headers.add_response_headers.entry("LINK")) == ("a", "b")
    assert decision.get(headers.add_response_headers) == {"link": ("a", "b")}
    assert decision.setting("headers.set_response_headers.X") == "2"
