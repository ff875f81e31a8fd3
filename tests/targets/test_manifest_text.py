"""The text of cache-manifest.js: one statement, safe wherever it is put."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Property, Router, build
from prefetchrouter.authoring.criteria import exact
from prefetchrouter.targets.manifest_text import render, script_json


def test_the_manifest_of_no_rules() -> None:
    """One statement and a newline."""
    assert render([]) == 'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\n'


def test_rules_are_compact_json_in_rule_order() -> None:
    """Without a space outside strings."""
    router = Router().match("/a b", caching={"max_age": "1h"}).always(caching={"bypass_cache": True})
    assert render(router.rules) == (
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[{"if":[{"==":[{"request":"path"},"/a b"]},'
        '{"caching":{"max_age":{"200":"1h"}}}]},{"caching":{"bypass_cache":true}}]};\n'
    )


def test_the_global_can_have_another_name() -> None:
    """Of letters, digits, _ and $."""
    assert render([], "$_1") == 'self.$_1={"rules":[]};\n'


@pytest.mark.parametrize(
    "text, printed",
    [
        ("</script>", r'"\u003c/script\u003e"'),
        ("<!--", r'"\u003c!--"'),
        ("a&amp;b", r'"a\u0026amp;b"'),
        ("\u2028\u2029", r'"\u2028\u2029"'),
        ('"\\', r'"\"\\"'),
        ("\x00\n\x1f", r'"\u0000\n\u001f"'),
        ("\ud800", r'"\ud800"'),
        ("ümläut €", '"ümläut €"'),
        ("😀", '"😀"'),
        ("{{ 1 }}{% raw %}", '"{{ 1 }}{% raw %}"'),
    ],
)
def test_what_could_end_a_script_or_a_string_is_escaped(text: str, printed: str) -> None:
    """Everything else stays readable."""
    assert script_json(text) == printed
    assert json.loads(printed) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5
    )
)
def test_any_value_reads_back_and_is_safe(value: Any) -> None:
    """No character that HTML or JavaScript would trip over, and always UTF-8."""
    printed = script_json(value)
    assert json.loads(printed) == value
    assert not re.search("[<>&\u2028\u2029]", printed)
    printed.encode()


@given(st.text())
def test_any_path_can_be_listed(text: str) -> None:
    """Through the whole of a build."""
    router = Router().match({"query": {"q": text}}, caching={"max_age": "1h"})
    printed = build(router)["cache-manifest.js"]
    assert printed.count("\n") == 1
    assert not re.search("[<>&\u2028\u2029]", printed)


def test_paths_and_names_of_parameters_are_written_as_pages_see_them() -> None:
    """So the page script need not do it; regular expressions stay as they are."""
    router = (
        Router()
        .match("/%7eann/:id", caching={"max_age": "1h"})
        .match([exact("/%40a//b"), exact("/caf%c3%a9")], caching={"max_age": "1h"})
        .match({"path": re.compile("^/%7E"), "query": {"ids%5B%5D": "1"}}, caching={"max_age": "1h"})
    )
    text = render(router.rules)
    assert r'{"==":[{"request":"path"},"/\\~ann/:id"]}' in text
    assert '["/@a/b","/caf%C3%A9"]' in text
    assert '"^/%7E"' in text
    assert '{"request.origin_query":"ids[]"}' in text


def test_the_manifest_says_that_encoded_slashes_are_kept() -> None:
    assert (
        render([], keeps_slashes=True) == 'self.__EDGIO_CACHE_MANIFEST__={"keepsSlashes":true,"rules":[]};\n'
    )
    built = build(Router(), property=Property(encoded_slashes="keep"))
    assert '"keepsSlashes":true' in built["cache-manifest.js"]
    assert '"encoded_slashes": "keep"' in built["ruleset.json"]
