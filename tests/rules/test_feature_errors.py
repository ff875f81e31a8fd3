import pytest

from prefetchrouter import Origin
from prefetchrouter.errors import Diagnostic, FeatureError
from prefetchrouter.printable import path_text
from prefetchrouter.rules.features import CachingFeatures, Features, features_from


def problems(features: object) -> list[Diagnostic]:
    with pytest.raises(FeatureError) as raised:
        features_from(features)  # type: ignore[arg-type]
    return list(raised.value.diagnostics)


def test_all_problems_are_reported_together_each_with_its_path() -> None:
    """One run shows everything that has to be changed."""
    found = problems(
        {
            "cachng": {},
            "caching": {
                "max_age": {"200": "1hr"},
                "bypass_cache": "true",
                "cache_key": {"include_headers": []},
            },
            "url": {"url_rewrite": [{"source": "/a"}, {"syntax": "regex"}]},
        }
    )
    assert sorted(f"{d.code} {d.text}" for d in found) == [
        'duration caching.max_age.200: "1hr" is not a duration',
        'feature-value caching.bypass_cache: "true" is not a value it takes',
        "feature-value caching.cache_key.include_headers: the list is empty",
        'feature-value url.url_rewrite[1].syntax: "regex" is not a value it takes',
        'unknown-feature "cachng" is not a feature',
    ]


@pytest.mark.parametrize(
    ("features", "hint"),
    [
        ({"cachng": {}}, 'did you mean "caching"?'),
        ({"Caching": {}}, 'did you mean "caching"?'),
        ({"caching": {"max_agee": "1h"}}, 'did you mean "max_age"?'),
        ({"caching": {"maxAge": "1h"}}, 'did you mean "max_age"?'),
        ({"caching": {"max-age": "1h"}}, 'did you mean "max_age"?'),
        ({"url": {"urlRewrite": []}}, 'did you mean "url_rewrite"?'),
        ({"max_age": "1h"}, 'it belongs in "caching"'),
        ({"maxAge": "1h"}, '"max_age" belongs in "caching"'),
        ({"headers": {"max_age": "1h"}}, 'it belongs in "caching"'),
        ({"origin": {"max_ag": "1h"}}, 'did you mean "max_age"? It belongs in "caching"'),
        ({"caching": {"comment": "a note"}}, "it belongs beside the sections"),
        ({"caching": {"coment": "a note"}}, 'did you mean "comment"? It belongs beside the sections'),
        ({"caching": {"": 1}}, None),
        ({"caching": {"origin": {}}}, '"origin" is a separate section: write it beside "caching"'),
        ({"caching": {"cache_key": {"includeHeaders": ["x"]}}}, 'did you mean "include_headers"?'),
        ({"caching": {"bypass_cache": 1}}, "did you mean True?"),
        ({"caching": {"cacheable_status_codes": ["404"]}}, "did you mean 404?"),
        ({"caching": {"cacheable_status_codes": 404}}, "did you mean [404]?"),
        ({"headers": {"remove_response_headers": "server"}}, 'did you mean ["server"]?'),
        ({"caching": {"enable_caching_for_methods": ["post"]}}, 'did you mean "POST"?'),
        ({"caching": {"cache_control_header_treatment": "Pass"}}, 'did you mean "pass"?'),
        ({"caching": {"service_worker_max_age": 3600}}, 'did you mean "3600s"?'),
        ({"caching": {"cacheable_request_body_size": "14KB"}}, 'did you mean "14kB"?'),
        ({"response": {"set_status_code": 20}}, None),
        ({"origin": {"set_origin": None}}, "omit the feature to leave it unset"),
    ],
)
def test_a_mistake_comes_with_its_likely_cure(features: object, hint: str | None) -> None:
    """The hint is what the user has to type instead."""
    assert [hint] == [d.hint for d in problems(features)]


def test_an_unknown_name_without_a_near_one_is_reported_with_the_known_names() -> None:
    """The message has room for the names of a short section."""
    (found,) = problems({"nel": {"zzzzz": True}})
    assert found.expected == "one of disabled"


@pytest.mark.parametrize("features", [None, 5, "caching", [], ["caching"]])
def test_what_is_not_a_mapping_is_not_features(features: object) -> None:
    """A helper function or a router is handled before."""
    (found,) = problems(features)
    assert found.code == "feature-value"


def test_a_name_that_is_not_text_is_refused() -> None:
    """JSON has only text as names."""
    assert [d.code for d in problems({3: 4, "caching": {None: 1}})] == ["unknown-feature", "unknown-feature"]


def test_the_long_form_of_a_feature_gives_one_error_and_not_one_for_each_form() -> None:
    """The mapping decides which form is meant."""
    found = problems({"caching": {"bypass_client_cache": {"value": True}, "client_max_age": {"value": "1h"}}})
    assert [d.text for d in found if "bypass" in d.text] == [
        "caching.bypass_client_cache.execute_on_shield: it is missing"
    ]
    assert len(found) == 2


def test_no_word_of_the_validation_library_reaches_a_user() -> None:
    """Messages are ours."""
    with pytest.raises(FeatureError) as raised:
        Features(caching=5, url={"url_redirect": []}, comment=b"x", nel={"disabled": {}})  # type: ignore[arg-type]
    assert "Input" not in str(raised.value)
    assert "pydantic" not in str(raised.value)


def test_a_model_that_is_wrong_is_reported_once_where_it_was_made() -> None:
    """An inner constructor raises before the outer one runs."""
    with pytest.raises(FeatureError, match=r'max_age: "soon" is not a duration'):
        Features(caching=CachingFeatures(max_age="soon"))


def test_a_server_where_an_origin_is_named_is_reported_with_a_cure() -> None:
    """A part of the property and a section of the features are both called Origin."""
    (found,) = problems({"origin": Origin(name="web")})
    assert found.expected == 'a mapping, such as {"set_origin": "web"}'
    assert found.hint == "this Origin is a part of the property: it describes a server"


def test_paths_quote_names_that_are_not_plain() -> None:
    """A name with a dot or space in it cannot be mistaken for two."""
    assert path_text(("headers", "set_response_headers", "x a")) == 'headers.set_response_headers["x a"]'
