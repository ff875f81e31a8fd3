import json
import pickle
from collections import ChainMap
from types import MappingProxyType

import pydantic
import pytest

from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import (
    CachingFeatures,
    Features,
    UrlRedirect,
    features_from,
    items,
    written,
)


def test_features_keep_the_order_in_which_they_were_written() -> None:
    """The rule set holds the keys as the user ordered them, at every level."""
    source = {
        "url": {"url_redirect": {"destination": "/b", "code": 301, "source": "/a"}},
        "caching": {"stale_while_revalidate": "1d", "max_age": {"404": "1m", "200": "1h"}},
        "access": {"deny_access": True},
    }
    assert json.dumps(source) == json.dumps(written(features_from(source)))


def test_keywords_keep_their_order_too() -> None:
    """Models made by keywords are no different."""
    assert [name for name, _ in items(CachingFeatures(stale_on_error=True, max_age="1h"))] == [
        "stale_on_error",
        "max_age",
    ]


def test_what_was_not_written_is_absent_and_not_listed() -> None:
    """None means "not written"; False was written."""
    caching = CachingFeatures(bypass_cache=False)
    assert (caching.max_age, list(items(caching))) == (None, [("bypass_cache", False)])


def test_an_empty_section_and_no_features_at_all_are_legal() -> None:
    """Helpers write empty sections, and a list may begin with empty features."""
    assert written(features_from({"caching": {}})) == {"caching": {}}
    assert written(Features()) == {}


def test_a_model_may_stand_inside_a_mapping() -> None:
    """Mapping and model say the same."""
    as_model = features_from(
        {"caching": CachingFeatures(max_age="1h"), "url": {"url_redirect": UrlRedirect(code=301)}}
    )
    assert features_from({"caching": {"max_age": "1h"}, "url": {"url_redirect": {"code": 301}}}) == as_model


@pytest.mark.parametrize("kind", [MappingProxyType, ChainMap])
def test_any_mapping_will_do(kind: type) -> None:
    """Not only dict is a mapping."""
    assert features_from(kind({"caching": kind({"max_age": kind({"200": "1h"})})})) == features_from(
        {"caching": {"max_age": {"200": "1h"}}}
    )


def test_none_is_refused_with_the_advice_to_leave_it_out() -> None:
    """A value that is None would read like a value that was forgotten."""
    with pytest.raises(FeatureError) as raised:
        features_from({"caching": {"max_age": None}, "headers": None})
    assert [d.text for d in raised.value.diagnostics] == [
        "caching.max_age: None is not a duration",
        "headers: None is not a value it takes",
    ]


def test_features_are_frozen() -> None:
    """Rules stay what they were when they were made."""
    caching = CachingFeatures(max_age={"200": "1h"})
    with pytest.raises(pydantic.ValidationError):
        caching.max_age = "2h"  # type: ignore[assignment]
    with pytest.raises(TypeError):
        caching.max_age["200"] = "2h"  # type: ignore[index]


def test_features_can_be_hashed_compared_and_pickled() -> None:
    """Equal features are one entry of a set; order has no part in equality."""
    one = Features(caching={"max_age": {"200": "1h"}}, url={"url_rewrite": [{"source": "/a"}]})
    other = Features(url={"url_rewrite": [{"source": "/a"}]}, caching={"max_age": {"200": "1h"}})
    assert len({one, other, pickle.loads(pickle.dumps(one))}) == 1


def test_a_mistake_names_the_line_of_the_constructor() -> None:
    """The outermost call is the user's own."""
    with pytest.raises(FeatureError) as raised:
        Features(caching={"max_age": "1hr"})
    source = raised.value.diagnostics[0].source
    assert source is not None
    assert source.file == __file__


def test_a_mapping_has_no_line_alone() -> None:
    """Whoever received the mapping knows where it was written."""
    with pytest.raises(FeatureError) as raised:
        features_from({"caching": {"max_age": "1hr"}})
    assert raised.value.diagnostics[0].source is None
