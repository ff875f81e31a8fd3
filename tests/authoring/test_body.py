"""Bodies of rules: features as mapping, keywords, model and function, and what a helper returns."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import (
    CachingFeatures,
    Features,
    Router,
    RuleError,
    compile_rules,
)
from prefetchrouter.errors import (
    FeatureError,
)

PATH = {"request": "path"}
HOUR: Any = {"caching": {"max_age": {"200": "1h"}}}


def path_rule(pattern: str, body: Any = HOUR) -> dict[str, Any]:
    """The rule that `match(pattern, ...)` makes."""
    return {"if": [{"==": [PATH, pattern]}, body]}


@pytest.mark.parametrize(
    "router",
    [
        pytest.param(Router().match("/p/:id", {"caching": {"max_age": "1h"}}), id="mapping"),
        pytest.param(Router().match("/p/:id", caching={"max_age": "1h"}), id="keywords"),
        pytest.param(
            Router().match("/p/:id", caching=CachingFeatures(max_age="1h")),  # type: ignore[arg-type]
            id="keyword model",
        ),
        pytest.param(
            Router().match("/p/:id", {"caching": CachingFeatures(max_age="1h")}), id="mapping of models"
        ),
        pytest.param(Router().match("/p/:id", Features(caching={"max_age": "1h"})), id="model"),
        pytest.param(Router().match("/p/:id", lambda route: route.add_features(HOUR)), id="function"),
    ],
)
def test_all_spellings_of_features_say_the_same(router: Router) -> None:
    """A mapping, keywords, models and a function give one rule."""
    assert [path_rule("/p/:id")] == compile_rules(router)


def test_a_mapping_and_keywords_together_keep_both() -> None:
    """The mapping's sections come first."""
    router = Router().match("/a", {"comment": "note"}, caching={"max_age": "1h"})
    assert list(compile_rules(router)[0]["if"][1]) == ["comment", "caching"]


def test_a_function_and_keywords_together_keep_both() -> None:
    """What the function wrote comes first."""
    router = Router().match("/a", lambda route: route.set_response_code(410), comment="gone")
    assert [path_rule("/a", {"response": {"set_status_code": 410}, "comment": "gone"})] == compile_rules(
        router
    )


def test_a_section_in_the_mapping_and_as_a_keyword_is_refused() -> None:
    """It would not be clear which counts."""
    with pytest.raises(FeatureError, match='"caching" is in the mapping and also a keyword'):
        Router().match("/a", {"caching": {}}, caching={})


def test_a_model_and_keywords_together_are_refused() -> None:
    """A model is whole unchanged."""
    with pytest.raises(FeatureError, match="write one or the other"):
        Router().match("/a", Features(), caching={})


def test_a_router_and_keywords_together_are_refused() -> None:
    """Keywords would belong to none of the nested rules."""
    with pytest.raises(FeatureError, match="give the features a body to themselves"):
        Router().match("/a", Router(), caching={})


def test_empty_features_are_a_rule_too() -> None:
    """Nothing may be meant."""
    assert [path_rule("/a", {})] == compile_rules(Router().match("/a", {}))


def test_a_rule_without_features_is_refused() -> None:
    """A call that was not finished is not a rule."""
    with pytest.raises(FeatureError, match="a rule without features") as raised:
        Router().match("/a")
    assert raised.value.code == "rule-body"


@pytest.mark.parametrize("body", [7, "caching", ["caching"], True])
def test_a_body_of_another_kind_is_refused(body: Any) -> None:
    """A rule leads to features, a function or a router."""
    with pytest.raises(FeatureError, match="not something that a rule can lead to") as raised:
        Router().match("/a", body)
    assert raised.value.code == "rule-body"


def test_a_users_mapping_stays_as_it_was() -> None:
    """One mapping can serve many rules."""
    shared: Any = {"headers": {"set_response_headers": {"x-a": "1"}}}
    Router().match("/a", lambda route: route.add_features(shared).set_response_header("x-b", "2"))
    assert shared == {"headers": {"set_response_headers": {"x-a": "1"}}}


async def _later(route: Any) -> None:
    route.set_origin("web")


def _generator(route: Any) -> Any:
    yield route.set_origin("web")


@pytest.mark.parametrize("helper", [lambda route: {"comment": "lost"}, lambda route: "x", _later, _generator])
def test_what_a_helper_returns_cannot_be_lost(helper: Any) -> None:
    """Neither features that it gives back, nor code that would run later."""
    with pytest.raises(RuleError, match="a helper returned a") as raised:
        Router().match("/a", helper)
    assert raised.value.code == "rule-body"


def test_a_helper_may_return_its_calls() -> None:
    """As a lambda does, of one call or of several."""
    router = Router().match("/a", lambda route: (route.set_origin("web"), route.set_comment("x")))
    assert [path_rule("/a", {"origin": {"set_origin": "web"}, "comment": "x"})] == compile_rules(router)


def test_keywords_cannot_overwrite_what_the_helper_wrote() -> None:
    """As they cannot overwrite a mapping."""
    with pytest.raises(RuleError, match="written by the helper and as a keyword"):
        Router().match("/a", lambda route: route.set_origin("web"), origin={"set_origin": "api"})


def test_keywords_stand_beside_what_the_helper_wrote() -> None:
    """In other sections."""
    router = Router().match("/a", lambda route: route.set_origin("web"), comment="x")
    assert [path_rule("/a", {"origin": {"set_origin": "web"}, "comment": "x"})] == compile_rules(router)
