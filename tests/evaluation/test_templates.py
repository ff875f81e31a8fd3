"""Feature variables in text: the documented forms, with the worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.templates import expand, variables_in
from prefetchrouter.evaluation.variable_values import filled, value
from prefetchrouter.http.message import Response


@pytest.mark.parametrize(
    "template, values, expected",
    [
        (r"%{path//.*\./}", {"path": "/img/cat.small.png"}, "png"),
        (r"%{host/=^www\.(.+)$/cdn.$1}", {"host": "www.shop.test"}, "cdn.shop.test"),
        ("%{host^}", {"host": "a.test"}, "A.TEST"),
        ("%{geo_country:=XX}", {}, "XX"),
        ("%{http_host#www.}", {"http_host": "www.shop.test"}, "shop.test"),
    ],
)
def test_the_worked_examples(template: str, values: dict[str, str], expected: str) -> None:
    """What the reference prints for five templates."""
    assert expected == expand(template, values.get)


@pytest.mark.parametrize(
    "form, of_text, of_empty, of_missing",
    [
        ("%{v}", "Abcabc", "", ""),
        ("%{V}", "Abcabc", "", ""),
        ("%{v:=x}", "Abcabc", "x", "x"),
        ("%{v=x}", "Abcabc", "", "x"),
        ("%{v:+x}", "x", "", ""),
        ("%{v+x}", "x", "x", ""),
        ("%{v:2}", "cabc", "", ""),
        ("%{v:2:3}", "cab", "", ""),
        ("%{v:-3}", "abc", "", ""),
        ("%{v:-3:2}", "ab", "", ""),
        ("%{v:-90:2}", "Ab", "", ""),
        ("%{v:4:-3}", "bca", "", ""),
        ("%{v:9}", "", "", ""),
        ("%{v#A.}", "cabc", "", ""),
        ("%{v#bc}", "Abcabc", "", ""),
        ("%{v%b.}", "Abca", "", ""),
        ("%{v%(?i)ABC}", "Abc", "", ""),
        ("%{v/bc/-}", "A-abc", "", ""),
        ("%{v//bc/-}", "A-a-", "", ""),
        ("%{v//bc/}", "Aa", "", ""),
        ("%{v//bc}", "Aa", "", ""),
        ("%{v//^A/x}", "xbcabc", "", ""),
        ("%{v//c$/x}", "Abcabx", "", ""),
        ("%{v/(b)(c)/$2$1}", "Acbabc", "", ""),
        ("%{v/(b)(c)/$U2$L1$9}", "ACbabc", "", ""),
        ("%{v/=(b.)a/[$1]}", "[bc]", "", ""),
        ("%{v/=x/[$1]}", "", "", ""),
        ("%{v/=b{1}/x}", "x", "", ""),
        (r"%{v//[\/c]/x}", "Abxabx", "", ""),
        ("%{v,}", "abcabc", "", ""),
        ("%{v,A}", "abcabc", "", ""),
        ("%{v^}", "ABCABC", "", ""),
        ("%{v^b}", "ABcabc", "", ""),
        ("%{v^^b}", "ABcaBc", "", ""),
        ("%{v,,[A-Z]}", "abcabc", "", ""),
    ],
)
def test_each_form(form: str, of_text: str, of_empty: str, of_missing: str) -> None:
    """Of a value, of an empty value, and without one."""
    assert of_text == expand(form, {"v": "Abcabc"}.get)
    assert of_empty == expand(form, {"v": ""}.get)
    assert of_missing == expand(form, lambda name: None)


@pytest.mark.parametrize(
    "template, expected",
    [
        (r"\%{v}", "%{v}"),
        ("%{}", ""),
        ("%{{v}}", "%{{v}}"),
        ("%{v", "%{v"),
        ("%{v}}", "x}"),
        ("%{v-a}", "%{v-a}"),
        ("%{v:one}", "%{v:one}"),
        ("%{v/(/x}", "%{v/(/x}"),
        ("100%", "100%"),
        ("%{none}", ""),
        ("a%{v}b%{v}", "axbx"),
    ],
)
def test_what_is_not_a_variable_stays_as_it_is(template: str, expected: str) -> None:
    """A backslash, a broken form and a lone percent sign give no variable."""
    assert expected == expand(template, {"v": "x"}.get)


def test_the_names_of_variables_are_reported() -> None:
    """In lower case, in order."""
    assert variables_in(r"%{Host}/%{path//a/b}\%{no}") == ("host", "path")


@given(st.text(alphabet="%{}\\/:=+#,^$ab1.*()[]-", max_size=20), st.text(max_size=5))
def test_any_text_can_be_filled_in(template: str, given_value: str) -> None:
    """Whatever a template looks like, filling it in raises nothing."""
    assert isinstance(expand(template, {"a": given_value, "b": given_value}.get), str)


REQUEST = Request(
    "https://www.shop.example//b/%7ec?%62=1&a=%2f",
    headers={"Referer": "https://other.example/"},
    facts={"location.country": "DE", "location.asn": "15133", "device.is_smartphone": True},
    response=Response(404, {"Content-Type": "text/html"}),
)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("host", "www.shop.example"),
        ("is_amp", "&"),
        ("is_args", "?"),
        ("normalized_path", "/b/~c"),
        ("normalized_query", "b=1&a=%2F"),
        ("normalized_uri", "/b/~c?b=1&a=%2F"),
        ("path", "/b/~c"),
        ("query_string", "b=1&a=%2F"),
        ("referring_domain", "other.example"),
        ("request", "GET /b/~c?b=1&a=%2F HTTP/1.1"),
        ("request_method", "GET"),
        ("request_protocol", "HTTP/1.1"),
        ("request_uri", "/b/~c?b=1&a=%2F"),
        ("scheme", "https"),
        ("geo_country", "DE"),
        ("geo_city", None),
        ("geo_asnum", "AS15133"),
        ("wurfl_vcap_is_smartphone", "true"),
        ("status", "404"),
        ("resp_content_type", "text/html"),
        ("resp_none", None),
        ("arg_b", "1"),
        ("no_such_name", None),
    ],
)
def test_the_value_of_a_feature_variable(name: str, expected: str | None) -> None:
    """Each comes from its own part of the request or response."""
    assert expected == value(name, RequestContext(REQUEST))


def test_a_fact_of_that_very_name_goes_first() -> None:
    """What is reported about a variable outweighs what is worked out."""
    request = Request("/", facts={"variable.host": "inner.example"})

    assert filled("%{host}", RequestContext(request)) == "inner.example"
