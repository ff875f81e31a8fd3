"""`CacheKey`: what each method writes into the feature `caching.cache_key`."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import CacheKey

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
    """Nothing when none was called."""
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
