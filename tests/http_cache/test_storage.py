"""What is kept and how long: rules E8 to E12, E15 and E17 of `docs/edge-rules.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.evaluation.decision import Decision
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.http_cache.storage import (
    NotStorable,
    only_if_cached,
    reason_to_pass,
    serves_on_error,
    state,
    storage_policy,
    wants_validation,
)
from prefetchrouter.http_cache.storage import StoragePolicy as Policy

Given = Mapping[str, str | Sequence[str]]


def decided(
    features: Mapping[str, Any],
    method: str = "GET",
    status: int = 200,
    answer: Given | None = None,
    asked: Mapping[str, str] | None = None,
) -> Decision:
    router = Router().match("/a", **features) if features else Router()
    response = Response(status, answer or {})
    return evaluate(router, Request("https://shop.example/a", method, headers=asked or {}, response=response))


def kept(
    answer: Given | None = None,
    *,
    status: int = 200,
    age: float = 0,
    method: str = "GET",
    asked: Mapping[str, str] | None = None,
    **caching: Any,
) -> Policy | str:
    decision = decided({"caching": caching} if caching else {}, method, status, answer, asked)
    found = storage_policy(
        decision, method, HeaderFields(asked or {}), status, HeaderFields(answer or {}), age=age
    )
    return found.reason if isinstance(found, NotStorable) else found


def of_origin(control: str, **caching: Any) -> Policy | str:
    return kept({"cache-control": control, "etag": '"a"'}, **caching)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        ("s-maxage=60, max-age=30", Policy(60, 0, 0, "s-maxage")),
        ("max-age=30", Policy(30, 0, 0, "max-age")),
        ("MAX-AGE=30, public", Policy(30, 0, 0, "max-age")),
        ("max-age=30, stale-while-revalidate=9", Policy(30, 9, 0, "max-age")),
        ("max-age=30, stale-if-error=9", Policy(30, 0, 9, "max-age")),
        (
            "max-age=30, stale-while-revalidate=9, stale-if-error=9, must-revalidate",
            Policy(30, 0, 0, "max-age"),
        ),
        (
            "max-age=30, stale-while-revalidate=9, stale-if-error=9, proxy-revalidate",
            Policy(30, 0, 0, "max-age"),
        ),
        ("s-maxage=30, stale-while-revalidate=9, stale-if-error=9", Policy(30, 0, 0, "s-maxage")),
        ("max-age=0", Policy(0, 0, 0, "max-age")),
        ("max-age=garbage", Policy(0, 0, 0, "max-age")),
        ("no-cache", Policy(0, 0, 0, "no-cache")),
        (
            "no-cache, max-age=60, stale-while-revalidate=9, stale-if-error=9",
            Policy(0, 0, 0, "no-cache"),
        ),
        ('no-cache="set-cookie", max-age=60', Policy(0, 0, 0, "no-cache")),
        ("no-store", "no-store"),
        ("max-age=60, private", "private"),
        ('max-age=60, private="x-a"', "private"),
        ("public", "no lifetime"),
    ],
)
def test_the_origin_says_how_long(control: str, expected: Policy | str) -> None:
    assert of_origin(control) == expected


def test_time_by_the_origin_counts_from_the_making_and_time_by_a_rule_from_the_arrival() -> None:
    assert kept({"cache-control": "max-age=60"}, age=20) == Policy(40, 0, 0, "max-age")
    assert kept({"cache-control": "max-age=60"}, age=20, max_age="1m") == Policy(60, 0, 0, "rule")
    assert kept(age=20, default_internal_max_age="1m") == Policy(60, 0, 0, "default")


def test_expires_counts_from_date() -> None:
    expires = {"expires": "Thu, 01 Jan 2026 00:01:00 GMT"}
    assert kept({**expires, "date": "Thu, 01 Jan 2026 00:00:00 GMT"}) == Policy(60, 0, 0, "expires")
    assert kept({**expires, "cache-control": "max-age=5"}) == Policy(5, 0, 0, "max-age")
    assert kept(expires) == kept({"expires": "0"}) == "stale on arrival, without a validator"


def test_nothing_is_guessed_from_last_modified() -> None:
    modified = {"last-modified": "Thu, 01 Jan 1970 00:00:00 GMT", "date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert kept(modified) == "no lifetime"


def test_what_is_expired_when_it_comes_is_kept_only_if_the_origin_can_be_asked_about_it() -> None:
    old = {"cache-control": "max-age=60, stale-while-revalidate=60"}
    assert kept(old, age=90) == "stale on arrival, without a validator"
    assert kept({**old, "etag": '"a"'}, age=90) == Policy(-30, 60, 0, "max-age")
    assert kept({"cache-control": "no-cache"}) == "no-cache without a validator"
    assert kept({"cache-control": "no-cache", "last-modified": "x"}) == "no-cache without a validator"
    dated = {"cache-control": "no-cache", "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert kept(dated) == Policy(0, 0, 0, "no-cache")


def test_a_rules_time_goes_before_all_and_the_default_after_all() -> None:
    assert of_origin("s-maxage=60", max_age="1h", default_internal_max_age="1d") == Policy(3600, 0, 0, "rule")
    assert of_origin("max-age=60", default_internal_max_age="1d") == Policy(60, 0, 0, "max-age")
    assert of_origin("public", default_internal_max_age="1d") == Policy(86_400, 0, 0, "default")


@pytest.mark.parametrize("time", ["0s", "-1s"])
def test_a_time_of_zero_or_less_by_a_rule_keeps_nothing(time: str) -> None:
    assert of_origin("max-age=60", max_age=time) == "a rule sets a lifetime of zero"
    assert of_origin("public", default_internal_max_age=time) == "a rule sets a lifetime of zero"


@pytest.mark.parametrize("directive", ["no-store", "private", "no-cache"])
def test_a_rules_time_does_not_overrule_an_origin_that_forbids_it_unless_a_rule_says_so(
    directive: str,
) -> None:
    control = f"{directive}, max-age=9"
    assert of_origin(control, max_age="1h") == directive
    assert of_origin(control, max_age="1h", ignore_origin_no_cache=[404]) == directive
    assert of_origin(control, max_age="1h", ignore_origin_no_cache=[200]) == Policy(3600, 0, 0, "rule")
    assert of_origin(control, ignore_origin_no_cache=[200]) == Policy(9, 0, 0, "max-age")


def test_no_cache_where_only_a_default_sets_the_time() -> None:
    assert of_origin("no-cache", default_internal_max_age="1h") == "no-cache"
    assert of_origin("no-cache, max-age=9", default_internal_max_age="1h") == Policy(0, 0, 0, "no-cache")


def test_old_style_pragma_counts_only_without_cache_control() -> None:
    pragma = {"pragma": "no-cache", "etag": '"a"'}
    assert kept({**pragma, "cache-control": "max-age=9"}) == Policy(9, 0, 0, "max-age")
    assert kept(pragma) == Policy(0, 0, 0, "no-cache")


def test_each_status_has_its_own_time() -> None:
    answer = {"cache-control": "max-age=60"}
    assert kept(answer, status=404) == "status 404 is not in cacheable_status_codes"
    assert kept(answer, status=404, cacheable_status_codes=[404]) == Policy(60, 0, 0, "max-age")
    assert kept(answer, status=404, max_age="1h", cacheable_status_codes=[404]) == Policy(3600, 0, 0, "rule")
    assert kept(answer, status=404, max_age={"404": "5s"}) == Policy(5, 0, 0, "rule")
    assert kept(answer, status=404, default_internal_max_age={"404": "5s"}) == Policy(5, 0, 0, "default")
    assert kept(status=404, cacheable_status_codes=[404]) == "no lifetime"


@pytest.mark.parametrize("status", [100, 103, 199, 206, 304])
def test_what_is_not_a_whole_answer_is_never_kept(status: int) -> None:
    assert kept(status=status, max_age={str(status): "1h"}) == f"status {status}"


def test_an_unknown_status_that_must_be_understood() -> None:
    answer = {"cache-control": "max-age=60, must-understand"}
    reason = "must-understand, and status 555 is not known"
    assert kept(answer, status=555, cacheable_status_codes=[555]) == reason
    assert kept(answer, status=404, cacheable_status_codes=[404]) == Policy(60, 0, 0, "max-age")


def test_what_is_for_one_visitor_is_not_kept() -> None:
    assert kept({"set-cookie": "a=1"}, max_age="1h") == "set-cookie"
    assert kept({"set-cookie": "a=1"}, max_age="1h", ignore_origin_no_cache=[200]) == "set-cookie"
    assert kept({"vary": "Accept, *"}, max_age="1h") == "vary: *"
    assert kept({"vary": "a b"}, max_age="1h") == "vary that names no headers"
    assert kept(asked={"cache-control": "No-Store"}, max_age="1h") == "no-store in the request"
    assert kept(asked={"authorization": "Basic a"}, max_age="1h") == "authorization"
    assert kept(method="HEAD", max_age="1h") == "HEAD"
    assert kept(bypass_cache=True, max_age="1h") == "bypass_cache"


def test_stale_while_revalidate_is_the_rules_or_else_the_origins() -> None:
    control = "max-age=9, stale-while-revalidate=60"
    assert of_origin(control, stale_while_revalidate="5s") == Policy(9, 5, 0, "max-age")
    assert of_origin(control, stale_while_revalidate="0s") == Policy(9, 0, 0, "max-age")
    assert of_origin(control, max_age="1h") == Policy(3600, 60, 0, "rule")


@pytest.mark.parametrize("word", ["must-revalidate", "proxy-revalidate", "s-maxage=9"])
def test_an_origin_that_forbids_stale_copies_is_overruled_by_a_time_of_a_rule_alone(word: str) -> None:
    assert of_origin(f"{word}, max-age=9", stale_while_revalidate="5s") == Policy(
        9, 0, 0, "s-maxage" if "=" in word else "max-age"
    )
    assert of_origin(word, max_age="1h", stale_while_revalidate="5s") == Policy(3600, 5, 0, "rule")


@pytest.mark.parametrize(
    ("control", "caching", "seconds"),
    [
        ("max-age=9", {"stale_on_error": True}, 120),
        ("max-age=9", {"stale_on_error": False}, 0),
        ("max-age=9", {"revalidate_after_origin_unavailable": "5s"}, 0),
        ("max-age=9", {"stale_on_error": True, "revalidate_after_origin_unavailable": "5s"}, 5),
        ("max-age=9", {"stale_on_error": True, "revalidate_after_origin_unavailable": {"404": "5s"}}, 120),
        ("max-age=9, stale-if-error=300", {"stale_on_error": True}, 300),
        ("max-age=9, stale-if-error=60", {"stale_on_error": True}, 120),
        ("max-age=9, must-revalidate", {"stale_on_error": True}, 0),
        ("must-revalidate", {"stale_on_error": True, "max_age": "9s"}, 0),
        ("s-maxage=9, stale-if-error=60", {"stale_on_error": True}, 0),
        ("s-maxage=9", {"stale_on_error": True, "max_age": "9s"}, 120),
        ("no-cache", {"stale_on_error": True}, 0),
    ],
)
def test_how_long_a_copy_serves_without_the_origin(
    control: str, caching: dict[str, Any], seconds: float
) -> None:
    found = of_origin(control, **caching)
    assert isinstance(found, Policy)
    assert found.error == seconds


def passed(
    method: str = "GET", asked: Mapping[str, str] | None = None, *, body: bool = False, **caching: Any
) -> str | None:
    decision = decided({"caching": caching} if caching else {}, method, asked=asked)
    return reason_to_pass(decision, method, HeaderFields(asked or {}), has_body=body)


def test_which_methods_have_a_cache() -> None:
    assert passed("GET") is passed("HEAD") is None
    assert passed("POST") == "POST"
    assert passed("POST", enable_caching_for_methods=["PUT"]) == "POST"
    assert passed("POST", enable_caching_for_methods=["POST"], body=True) is None
    assert passed("OPTIONS", enable_caching_for_methods=["POST"]) == "OPTIONS"
    assert passed("GET", body=True) == "GET with a body"
    assert passed("HEAD", body=True, enable_caching_for_methods=["POST"]) == "HEAD with a body"


def test_which_requests_only_the_origin_can_judge() -> None:
    assert passed(bypass_cache=True) == "bypass_cache"
    assert passed(asked={"if-match": '"a"'}) == "if-match"
    assert passed(asked={"if-unmodified-since": "x"}) == "if-unmodified-since"
    assert passed(asked={"if-none-match": '"a"', "range": "bytes=0-1", "cookie": "a=1"}) is None


def test_authorization_passes_unless_the_key_lists_it() -> None:
    asked = {"authorization": "Basic a"}
    assert passed(asked=asked) == "authorization"
    assert passed(asked=asked, cache_key={"include_headers": ["x-user"]}) == "authorization"
    assert passed(asked=asked, cache_key={"include_headers": ["Authorization"]}) is None


def test_only_the_key_that_copies_have_tells_users_apart() -> None:
    router = Router().match(
        {"path": "/a", "response": {"status_code": "200"}},
        caching={"cache_key": {"include_headers": ["authorization"]}},
    )
    router.match("/b", caching={"cache_key": {"include_cookies": ["u"]}})
    for path, asked in (
        ("/a", {"authorization": "Basic a"}),
        ("/b", {"authorization": "Basic a", "cookie": "u=header authorization=x"}),
    ):
        url = f"https://shop.example{path}"
        decision = evaluate(router, Request(url, headers=asked, response=Response(200)))
        assert reason_to_pass(decision, "GET", HeaderFields(asked)) == "authorization"
        assert decision.setting("caching.cache_key") is not None


def test_no_cache_of_a_client_counts_only_where_a_rule_honours_it() -> None:
    for asked in ({"cache-control": "no-cache"}, {"pragma": "No-Cache"}):
        headers = HeaderFields(asked)
        honoured = decided({"caching": {"honor_no_cache_request_header": True}}, asked=asked)
        assert wants_validation(honoured, headers)
        assert not wants_validation(decided({}), headers)
        assert reason_to_pass(honoured, "GET", headers) is None
    assert not wants_validation(decided({"caching": {"honor_no_cache_request_header": True}}), HeaderFields())


def test_only_if_cached() -> None:
    headers = HeaderFields({"cache-control": "max-stale, only-if-cached"})
    assert only_if_cached(headers)
    assert not only_if_cached(HeaderFields())


def test_a_copy_is_fresh_then_stale_then_expired() -> None:
    copy = Policy(60, 30, 120, "rule")
    assert [state(copy, resident) for resident in (0, 59.9, 60, 89.9, 90)] == [
        "fresh", "fresh", "stale", "stale", "expired",
    ]  # fmt: skip
    assert [serves_on_error(copy, resident) for resident in (0, 179.9, 180)] == [True, True, False]


def test_a_copy_that_is_asked_for_each_time_is_never_fresh() -> None:
    assert state(Policy(0, 0, 0, "max-age"), 0) == "expired"
    assert state(Policy(-30, 60, 0, "max-age"), 29.9) == "stale"
    assert not serves_on_error(Policy(0, 0, 0, "no-cache"), 0)
