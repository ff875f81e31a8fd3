"""`CacheKey`: what each method writes into the feature `caching.cache_key`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import CacheKey, Evaluator, Origin, Property, Request, Router, build, evaluate
from prefetchrouter.errors import HelperError, UnsupportedError

SITE = Property(origins=[Origin(name="web", hosts=["www.example.com"])])
DEVICE = (
    "/device:smartphone_%{wurfl_vcap_is_smartphone}_tablet_%{wurfl_cap_is_tablet}"
    "_desktop_%{wurfl_vcap_is_full_desktop}"
)
BOT = "/bot:%{wurfl_vcap_is_robot}"
VENDOR = "/vendor:ios_%{wurfl_vcap_is_ios}_adndroid_%{wurfl_vcap_is_android}"
BROWSER = "/browser:%{wurfl_cap_mobile_browser}"


@pytest.mark.parametrize(
    "key, options",
    [
        pytest.param(CacheKey(), {}, id="nothing"),
        pytest.param(
            CacheKey().exclude_all_query_parameters(), {"exclude_all_query_params": True}, id="no query"
        ),
        pytest.param(
            CacheKey().exclude_query_parameters("a", "b"),
            {"include_all_query_params_except": ["a", "b"]},
            id="all but",
        ),
        pytest.param(
            CacheKey().exclude_all_query_parameters_except("a", "b"),
            {"include_query_params": ["a", "b"]},
            id="only",
        ),
        pytest.param(
            CacheKey().add_header("a").add_header("b"), {"include_headers": ["a", "b"]}, id="headers"
        ),
        pytest.param(
            CacheKey().add_cookie("a").add_cookie("b"), {"include_cookies": ["a", "b"]}, id="cookies"
        ),
        pytest.param(CacheKey().add_device(), {"include_expressions": [DEVICE]}, id="device"),
        pytest.param(CacheKey().add_is_bot(), {"include_expressions": [BOT]}, id="bot"),
        pytest.param(CacheKey().add_vendor(), {"include_expressions": [VENDOR]}, id="vendor"),
        pytest.param(CacheKey().add_browser(), {"include_expressions": [BROWSER]}, id="browser"),
    ],
)
def test_each_method_writes_its_option(key: CacheKey, options: Any) -> None:
    """Nothing if none was called."""
    assert key.options() == options


def test_expressions_stand_in_fixed_order_and_once() -> None:
    """However often, and in whatever order, they were asked for."""
    key = CacheKey().add_browser().add_vendor().add_is_bot().add_device().add_device().add_browser()
    assert key.options() == {"include_expressions": [DEVICE, BOT, VENDOR, BROWSER]}


def test_options_are_copies() -> None:
    """What somebody does with them does not change the key."""
    key = CacheKey().add_header("a")
    key.options()["include_headers"].append("b")
    assert key.options() == {"include_headers": ["a"]}


def evaluator(key: CacheKey) -> Evaluator:
    return Evaluator(Router().match("/:path*", lambda route: route.cache(key=key)))


BY_PREFIX = evaluator(CacheKey().exclude_query_parameters("utm_*", "a.b-*", "gclid"))
PARTS = st.lists(
    st.tuples(
        st.sampled_from(["utm_", "utm_id", "UTM_id", "xutm_id", "a.b-c", "axb-c", "gclid", "gclids", "page"]),
        st.sampled_from(["", "=", "=1", "=1;page=2", "=utm_id"]),
    ).map("".join),
    max_size=6,
)


def is_dropped(part: str) -> bool:
    name = part.partition("=")[0]
    return ";" not in part and (name.startswith(("utm_", "a.b-")) or name == "gclid")


@given(PARTS, st.integers(0, 6))
def test_parameters_are_left_out_by_prefix(parts: list[str], at: int) -> None:
    """Those that begin so and those of prefetching clients, wherever they are; no text of others is lost."""
    prefetched = [*parts[:at], "edgio_prefetch=1", *parts[at:]]
    kept = "&".join(part for part in parts if not is_dropped(part))
    for query in ("&".join(parts), "&".join(prefetched)):
        assert BY_PREFIX.evaluate(Request(f"/x?{query}")).cache_key == (
            "localhost/x",
            f"expression /x?{kept}",
        )


@pytest.mark.parametrize(
    ("header", "expected"),
    [("de", "de"), ("de-AT,en", "de"), ("fr;q=0.5", "fr"), ("en,de", ""), ("den", ""), ("", ""), (None, "")],
)
def test_a_language_counts_by_the_first_entry(header: str | None, expected: str) -> None:
    """All others share one response."""
    asked = Request("/x", headers={} if header is None else {"accept-language": header})
    key = evaluator(CacheKey().add_language("de", "fr")).evaluate(asked).cache_key
    assert key[1:] == (f"expression /accept-language:{expected}",)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key: key.exclude_query_parameters("u(*"),
        lambda key: key.exclude_query_parameters("*"),
        lambda key: key.exclude_query_parameters("utm_*", 5),
        lambda key: key.add_language(),
        lambda key: key.add_language("d|e"),
        lambda key: key.add_header_value("x a", "b"),
        lambda key: key.add_header_value("x-a", "b/c"),
        lambda key: key.sort_query_parameters().exclude_query_parameters("utm_*").options(),
        lambda key: key.exclude_query_parameters("*_id").ignore_query_case().options(),
    ],
)
def test_what_no_feature_can_express_is_an_error(wrong: Any) -> None:
    """With the line of the call."""
    with pytest.raises(HelperError) as caught:
        wrong(CacheKey())
    assert caught.value.code == "helper"


COOKIES = st.lists(
    st.tuples(
        st.sampled_from(["exp_", "exp_a", "xexp_a", "expa", "id"]),
        st.sampled_from(["", "1", "exp_b=2", "a b"]),
    ),
    max_size=5,
)


@given(COOKIES)
def test_cookies_count_by_a_pattern_of_their_names(cookies: list[tuple[str, str]]) -> None:
    """Each that begins so, in order, and separated from the others; no other."""
    header = "; ".join(f"{name}={value}" for name, value in cookies)
    key = (
        evaluator(CacheKey().add_cookie("exp_*"))
        .evaluate(Request("/x", headers={"cookie": header}))
        .cache_key
    )
    kept = [f"{name}={value}" for name, value in cookies if name.startswith("exp_")]
    assert key[1].removeprefix("expression /cookies:").lstrip("; ") == "; ".join(kept)
    with pytest.raises(HelperError, match="not the name of a cookie"):
        CacheKey().add_cookie("a*|b")


def test_a_star_stands_for_any_text_of_a_name() -> None:
    """Before, between and after other text."""
    key = CacheKey().exclude_query_parameters("utm_*", "*_id", "a*z")
    router = Router().match("/:path*", lambda route: route.cache(key=key))

    def kept(query: str) -> str:
        return evaluate(router, Request(f"/p?{query}")).cache_key[1]

    assert kept("utm_x=1&click_id=2&abz=3&az=4&page=5") == "expression /p?page=5"
    assert kept("id=1&_id=2&click_ids=3&x=_id") == "expression /p?id=1&click_ids=3&x=_id"


def test_other_targets_have_no_order_and_no_letter_case() -> None:
    """The published schema of rules does not know these options: an error with the line."""
    router = Router().match("/a", lambda route: route.cache(key=CacheKey().sort_query_parameters()))
    with pytest.raises(UnsupportedError, match=r"cache_key.sort_query_params \(the published schema"):
        build(router)
    assert build(router, SITE, targets=["manifest", "varnish", "nginx", "worker"]).warnings
    router = Router().match("/a", lambda route: route.cache(key=CacheKey().ignore_query_case()))
    with pytest.raises(UnsupportedError, match=r"test_cache_key.py:\d+: .*ignore_query_case"):
        build(router)
    assert not build(router, SITE, targets=["manifest", "varnish", "nginx", "worker"]).warnings
