"""How the features of several rules become one, and what each value reports its line."""

from __future__ import annotations

from prefetchrouter import Request, Router, RuleSet, evaluate

HOME = Request("/")


def test_a_later_value_wins_and_remembers_what_it_overrode() -> None:
    """Section by section and key by key, in rule order."""
    router = Router()
    router.always(caching={"bypass_cache": True, "stale_while_revalidate": "1d"})
    router.always(caching={"bypass_cache": False})

    decision = evaluate(router, HOME)

    value = decision.value("caching.bypass_cache")
    assert value is not None
    assert (value.value, value.source) == (False, router.rules[1].source)
    assert [(old.value, old.source) for old in value.overrode] == [(True, router.rules[0].source)]
    assert decision.features == {"caching": {"bypass_cache": False, "stale_while_revalidate": "1d"}}


def test_every_overridden_value_is_reported_latest_first() -> None:
    """Three rules that set one feature: the last wins, the others are listed backwards."""
    router = Router()
    for age in ("1h", "2h", "3h"):
        router.always(caching={"stale_while_revalidate": age})

    value = evaluate(router, HOME).value("caching.stale_while_revalidate")

    assert value is not None
    assert [value.value, *(old.value for old in value.overrode)] == ["3h", "2h", "1h"]


def test_a_value_that_no_one_sets_is_absent() -> None:
    """There is no value, not a default."""
    assert evaluate(Router(), HOME).value("caching.max_age.200") is None


def test_a_text_max_age_counts_for_200_and_the_other_cacheable_statuses() -> None:
    """As an edge takes it, so that a router and its exported rules mean the same."""
    router = Router().always(caching={"max_age": "1h", "cacheable_status_codes": [404]})

    assert dict(evaluate(router, HOME).ttls) == {200: "1h", 404: "1h"}


def test_ages_by_status_are_merged_status_by_status() -> None:
    """A rule for 404 leaves the age of 200 alone."""
    router = Router().always(caching={"max_age": "1h"}).always(caching={"max_age": {"404": "1m"}})

    assert evaluate(router, HOME).features == {"caching": {"max_age": {"200": "1h", "404": "1m"}}}


def test_a_feature_that_is_merged_by_name_can_be_asked_for_as_a_whole() -> None:
    """Its line is that of the last rule that set any part of it."""
    router = Router().always(caching={"max_age": {"404": "1m"}}).always(caching={"max_age": "2h"})
    router.match("/a", caching={"max_age": "1h"}).match("/a", comment="last")

    value = evaluate(router, Request("/a")).value("caching.max_age")

    assert value is not None
    assert (value.value, value.source) == ({"404": "1m", "200": "1h"}, router.rules[2].source)
    assert [old.value for old in value.overrode] == ["2h"]
    assert evaluate(router, HOME).value("caching.default_internal_max_age") is None


def test_headers_are_merged_name_by_name_without_regard_to_case() -> None:
    """Two rules that set different headers both count; for one name the later wins."""
    router = Router()
    router.always(headers={"set_response_headers": {"X-Frame-Options": "DENY", "x-a": "1"}})
    router.always(headers={"set_response_headers": {"x-frame-options": "SAMEORIGIN"}})

    decision = evaluate(router, HOME)

    value = decision.value("headers.set_response_headers.x-frame-options")
    assert value is not None
    assert [value.value, *(old.value for old in value.overrode)] == ["SAMEORIGIN", "DENY"]
    assert decision.features["headers"]["set_response_headers"] == {
        "x-frame-options": "SAMEORIGIN",
        "x-a": "1",
    }


def test_added_headers_are_gathered() -> None:
    """Two rules that add a cookie each add both; nothing is overridden."""
    router = Router()
    router.always(lambda route: route.add_response_cookie("a", "1"))
    router.always(lambda route: route.add_response_cookie("b", "2"))

    value = evaluate(router, HOME).value("headers.add_response_headers.set-cookie")

    assert value is not None
    assert (value.value, value.overrode) == (("a=1", "b=2"), ())


def test_removed_headers_of_all_rules_are_removed() -> None:
    """The names of each rule's list stand side by side."""
    router = Router()
    router.always(headers={"remove_response_headers": ["Server"]})
    router.always(headers={"remove_response_headers": ["x-powered-by"]})

    decision = evaluate(router, HOME)

    whole = decision.value("headers.remove_response_headers")
    assert whole is not None
    assert whole.value == ("server", "x-powered-by")
    assert decision.features == {"headers": {"remove_response_headers": ["server", "x-powered-by"]}}


def test_set_variables_are_merged_by_name() -> None:
    """A name may hold a dot."""
    router = Router().always(set_variables={"tier.a": "gold", "b": "1"}).always(set_variables={"b": "2"})

    assert evaluate(router, HOME).features == {"set_variables": {"tier.a": "gold", "b": "2"}}


def test_a_feature_of_several_parts_is_replaced_whole() -> None:
    """A cache key is one decision, not several."""
    router = Router()
    router.always(
        caching={"cache_key": {"include_headers": ["accept-language"], "exclude_all_query_params": True}}
    )
    router.always(caching={"cache_key": {"include_cookies": ["tier"]}})

    assert evaluate(router, HOME).features == {"caching": {"cache_key": {"include_cookies": ["tier"]}}}


def test_the_long_form_of_a_feature_counts_as_its_value() -> None:
    """Whether an origin shield takes part does not change what a client sees."""
    router = Router().always(
        caching={"bypass_client_cache": {"value": True, "execute_on_shield": False}},
        headers={"set_response_headers": {"headers": {"x-a": "1"}, "execute_on_shield": False}},
    )

    assert evaluate(router, HOME).features == {
        "caching": {"bypass_client_cache": True},
        "headers": {"set_response_headers": {"x-a": "1"}},
    }


def test_a_chain_takes_exactly_one_branch() -> None:
    """The first whose condition is true, else the last part."""
    router = (
        Router()
        .if_("/a", caching={"max_age": "1h"})
        .elif_("/:any", caching={"stale_while_revalidate": "1d"})
        .else_(caching={"bypass_cache": True})
    )

    assert evaluate(router, Request("/a")).features == {"caching": {"max_age": {"200": "1h"}}}
    assert evaluate(router, Request("/b")).features == {"caching": {"stale_while_revalidate": "1d"}}
    assert evaluate(router, Request("/b/c")).features == {"caching": {"bypass_cache": True}}


def test_nested_rules_are_asked_only_where_their_parent_applies() -> None:
    """A router inside a branch speaks for the requests of that branch."""
    inner = Router().match({"method": "GET"}, caching={"max_age": "1h"})
    router = Router().match("/a/:rest*", inner)

    assert evaluate(router, Request("/a/b")).ttl() == "1h"
    assert evaluate(router, Request("/b")).rules == ()


def test_matched_rules_tell_their_branch_and_line() -> None:
    """An else is not a branch."""
    router = Router().if_("/a", {"comment": "a"}).else_({"comment": "other"}).always(comment="all")

    first, last = evaluate(router, Request("/a")).rules
    (otherwise, _) = evaluate(router, Request("/b")).rules

    assert first.branch is router.rules[0].branches[0]  # type: ignore[union-attr]
    assert otherwise.branch is None
    assert last.source == router.rules[1].source


def test_a_router_that_grows_is_evaluated_as_it_is_now() -> None:
    """What is remembered of a router counts only as long as its rules are the same."""
    router = Router().match("/a", caching={"max_age": "1h"})
    before = evaluate(router, Request("/b")).ttl()
    router.match("/b", caching={"max_age": "2h"})

    assert (before, evaluate(router, Request("/b")).ttl()) == (None, "2h")


def test_an_open_chain_that_grows_is_evaluated_as_it_is_now() -> None:
    """Also a chain to which a branch is added."""
    router = Router().if_("/a", caching={"max_age": "1h"})
    before = evaluate(router, Request("/b")).ttl()
    router.elif_("/b", caching={"max_age": "2h"})

    assert (before, evaluate(router, Request("/b")).ttl()) == (None, "2h")


def test_a_rule_set_can_be_evaluated_itself() -> None:
    """Rules read from JSON have no line."""
    decision = evaluate(RuleSet.from_json([{"caching": {"max_age": "1h"}}]), HOME)

    assert decision.ttl() == "1h"
    assert decision.rules[0].source is None
