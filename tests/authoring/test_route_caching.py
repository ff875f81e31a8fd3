"""What `route.cache` writes: edge, browser, cache key and the rest."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import CacheKey, Route, Router, RuleError, compile_rules
from prefetchrouter.errors import HelperError


def caching(**options: Any) -> Any:
    """The caching section that the options write."""
    route = Route().cache(**options)
    Router().match("/p", lambda used: used.cache(**options))
    return route.features["caching"]


def test_cache_without_options_writes_an_empty_section() -> None:
    """The section is there all the same."""
    assert compile_rules(Router().always(lambda route: route.cache())) == [{"caching": {}}]


@pytest.mark.parametrize(
    "edge, expected",
    [
        ({}, {}),
        ({"max_age_seconds": 3600}, {"max_age": "3600s"}),
        ({"max_age_seconds": "1h"}, {"max_age": "1h"}),
        ({"max_age_seconds": 0}, {}),
        ({"stale_while_revalidate_seconds": 60}, {"stale_while_revalidate": "60s"}),
        ({"stale_while_revalidate_seconds": "1d"}, {"stale_while_revalidate": "1d"}),
        ({"stale_while_revalidate_seconds": 0}, {}),
        ({"force_private_caching": True}, {"ignore_origin_no_cache": [200]}),
        ({"force_private_caching": False}, {}),
        (
            {"max_age_seconds": 1, "stale_while_revalidate_seconds": 2, "force_private_caching": True},
            {"max_age": "1s", "stale_while_revalidate": "2s", "ignore_origin_no_cache": [200]},
        ),
        (False, {"bypass_cache": True}),
        (None, {}),
    ],
)
def test_edge_options(edge: Any, expected: Any) -> None:
    """A number counts seconds, text is a duration, zero is left out, False bypasses."""
    assert caching(edge=edge) == expected


@pytest.mark.parametrize(
    "browser, expected",
    [
        ({"max_age_seconds": 60}, {"client_max_age": "60s"}),
        ({"max_age_seconds": "1h"}, {"client_max_age": "1h"}),
        ({"max_age_seconds": 0}, {"bypass_client_cache": True}),
        ({"service_worker_seconds": 60}, {"service_worker_max_age": "60s"}),
        ({"service_worker_seconds": "1h"}, {"service_worker_max_age": "1h"}),
        ({"service_worker_seconds": 0}, {}),
        (
            {"max_age_seconds": 0, "service_worker_seconds": 60},
            {"service_worker_max_age": "60s", "bypass_client_cache": True},
        ),
        (False, {"bypass_client_cache": True}),
        (None, {}),
    ],
)
def test_browser_options(browser: Any, expected: Any) -> None:
    """A browser's max age of zero bypasses its cache."""
    assert caching(browser=browser) == expected


@pytest.mark.parametrize("browser", [{}, {"max_age_seconds": None}])
def test_a_browser_mapping_that_names_no_lifetime_is_refused(browser: Any) -> None:
    """It would say nothing."""
    with pytest.raises(HelperError, match=r"names no lifetime.*browser=False forbids") as raised:
        caching(browser=browser)
    assert raised.value.code == "helper"


@pytest.mark.parametrize(
    "option, feature, value",
    [
        ("cacheable_status_codes", "cacheable_status_codes", [404]),
        ("enable_caching_methods", "enable_caching_for_methods", ["POST"]),
        ("ignore_origin_no_cache", "ignore_origin_no_cache", [200, 404]),
    ],
)
def test_lists_are_written_as_they_are(option: str, feature: str, value: Any) -> None:
    """A tuple is a list."""
    assert caching(**{option: value}) == {feature: value}
    assert caching(**{option: tuple(value)}) == {feature: value}


def test_further_statuses_are_kept_as_long_as_200() -> None:
    """When the rule is exported, max_age is a mapping by status."""
    router = Router().always(
        lambda route: route.cache(edge={"max_age_seconds": 60}, cacheable_status_codes=[404])
    )
    assert compile_rules(router)[0]["caching"]["max_age"] == {"200": "60s", "404": "60s"}


def test_several_calls_add_up() -> None:
    """Each writes what it names."""
    features = Route().cache(edge={"max_age_seconds": 1}).cache(browser=False).features
    assert features == {"caching": {"max_age": "1s", "bypass_client_cache": True}}


@pytest.mark.parametrize(
    "options",
    [
        {"edge": {"max_age_seconds": -1}},
        {"edge": {"max_age_seconds": 1.5}},
        {"edge": {"max_age_seconds": True}},
        {"edge": {"max_age_seconds": ["1h"]}},
        {"edge": "1h"},
        {"edge": 60},
        {"edge": True},
        {"browser": {"max_age_seconds": -1}},
        {"browser": {"max_age_seconds": False}},
        {"browser": {"service_worker_seconds": 1.5}},
        {"browser": "1h"},
        {"key": {"add_header": "x"}},
        {"key": "x"},
    ],
)
def test_values_of_the_wrong_kind_are_refused(options: Any) -> None:
    """With what was expected."""
    with pytest.raises(HelperError, match="expected") as raised:
        caching(**options)
    assert raised.value.code == "helper"


@pytest.mark.parametrize(
    "options, code",
    [
        ({"edge": {"max_age_seconds": "1hr"}}, "duration"),
        ({"browser": {"service_worker_seconds": "soon"}}, "duration"),
        ({"cacheable_status_codes": ["404"]}, "feature-value"),
        ({"cacheable_status_codes": 404}, "feature-value"),
        ({"enable_caching_methods": ["PATCH"]}, "feature-value"),
    ],
)
def test_values_that_no_feature_takes_are_refused(options: Any, code: str) -> None:
    """As in a mapping."""
    with pytest.raises(RuleError) as raised:
        caching(**options)
    assert raised.value.code == code


@pytest.mark.parametrize("kind", ["edge", "browser"])
def test_an_unknown_option_is_refused(kind: str) -> None:
    """It would have no effect."""
    options: Any = {kind: {"max_age_seconds": 1, "max_age_second": 2}}
    with pytest.raises(HelperError, match='did you mean "max_age_seconds"') as raised:
        caching(**options)
    assert raised.value.code == "helper"


def test_an_option_that_documented_examples_misspell_is_only_warned_of() -> None:
    """They still build; the warning says what was meant."""
    edge: Any = {"max_age_seconds": 1, "stale_while_revalidate": 2}
    router = Router().match("/p", lambda route: route.cache(edge=edge))
    (warning,) = router.warnings
    assert (warning.code, warning.severity, warning.hint) == (
        "helper",
        "warning",
        'did you mean "stale_while_revalidate_seconds"?',
    )


# The cache key


def test_a_cache_key_is_written_into_the_section() -> None:
    """With the arguments of its methods."""
    key = CacheKey().exclude_all_query_parameters().add_header("accept-language")
    assert caching(key=key) == {
        "cache_key": {"exclude_all_query_params": True, "include_headers": ["accept-language"]}
    }


def test_an_empty_cache_key_writes_nothing() -> None:
    """No method was called."""
    assert caching(key=CacheKey()) == {}


def test_a_second_cache_key_adds_to_the_first() -> None:
    """Option by option, later ones win."""
    route = (
        Route().cache(key=CacheKey().add_header("a").add_cookie("c")).cache(key=CacheKey().add_header("b"))
    )
    assert route.features["caching"]["cache_key"] == {"include_headers": ["b"], "include_cookies": ["c"]}


def test_one_cache_key_can_serve_many_rules() -> None:
    """What is added to it later does not change rules that were made before."""
    key = CacheKey().add_header("a")
    router = Router().always(lambda route: route.cache(key=key))
    key.add_header("b")
    assert compile_rules(router) == [{"caching": {"cache_key": {"include_headers": ["a"]}}}]
