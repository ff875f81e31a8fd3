"""What each kind of value takes and refuses, feature by feature."""

import pytest

from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import features_from, written

LONG = {"execute_on_shield": False}

ACCEPTED = [
    {"access": {"token_auth_denial_code": {"code": 302, "headers": {"Location": "/in"}}}},
    {
        "access": {
            "token_auth_keys": {"primary": "k", "primary_min_version": "v3"},
            "token_auth_parameter": "t.o-k_1",
        }
    },
    {"caching": {"add_early_hints": ["</app.js>; rel=preload; as=script"]}},
    {
        "caching": {
            "bandwidth_throttling": {"kbytes_per_sec": 256, "prebuf_seconds": 1.5, "execute_on_shield": True}
        }
    },
    {"caching": {"bypass_client_cache": {"value": True, **LONG}}},
    {"caching": {"cache_control_header_treatment": {"value": "if_missing", **LONG}}},
    {"caching": {"cache_key": {"include_hostname": True, "include_expressions": ["/x:%{host}"]}}},
    {"caching": {"cache_key": {"include_all_query_params": True, "exclude_all_query_params": False}}},
    {"caching": {"client_max_age": "-1h"}},
    {"caching": {"client_max_age": {"value": "-1h", **LONG}}},
    {"caching": {"default_internal_max_age": {"200": "-1h", "404": "1m"}}},
    {"caching": {"max_age": "-1h"}},
    {"caching": {"h264_support": [".mp4", ".f4v .m4v"]}},
    {"caching": {"ignore_origin_no_cache": [], "cacheable_status_codes": [100, 599, 888, 893]}},
    {"caching": {"purge_tags": ["a"] * 10}},
    {"headers": {"set_request_headers": {"+x-a": "", "x-b.c": "~ !"}}},
    {"headers": {"set_request_headers": {"headers": {"x": "1"}, **LONG}}},
    {"headers": {"set_response_headers": {"headers": "a header of that name"}}},
    {"headers": {"set_response_headers": {"x-path": {"request": "path"}, "x-n": {"random": 9}}}},
    {"headers": {"remove_response_headers": {"headers": ["server"], **LONG}}},
    {"headers": {"remove_origin_response_headers": ["server"]}},
    {"origin": {"read_idle_timeout": 1.5, "max_keep_alive_requests": 0, "proxy_special_headers": ["X-Host"]}},
    {"response": {"set_status_code": "%{status}"}},
    {"response": {"set_response_body": "Größe\n😀", "compress_content_types": ["image/svg+xml"]}},
    {"comment": "x" * 2000},
    {"edge_function": "./edge/a.js"},
    {"edge_function": {"js_path": "./edge/a.js", "version": 2, "own": [1, {"deep": None}]}},
    {"set_variables": {"a.b-c_1": "v"}},
]


@pytest.mark.parametrize("features", ACCEPTED, ids=str)
def test_what_the_vendor_documents_is_accepted_and_kept_as_written(features: dict[str, object]) -> None:
    """What goes in comes out."""
    assert features == written(features_from(features))


REFUSED = [
    ({"access": {"token_auth_parameter": "a b"}}, "is not a name"),
    ({"caching": {"bandwidth_throttling": {}}}, "it is missing"),
    ({"caching": {"bandwidth_throttling": {"kbytes_per_sec": 1.5}}}, "a whole number"),
    ({"caching": {"cache_key": {"include_hostname": False}}}, "expected True"),
    (
        {"caching": {"cache_key": {"include_all_query_params": True, "include_query_params": ["a"]}}},
        "exclude one another",
    ),
    ({"caching": {"cache_key": {"include_cookies": []}}}, "the list is empty"),
    ({"caching": {"purge_tags": []}}, "the list is empty"),
    ({"caching": {"purge_tags": ["a"] * 11}}, "at most 10"),
    ({"caching": {"service_worker_max_age": "-1h"}}, "cannot be negative"),
    ({"caching": {"stale_while_revalidate": "-1h"}}, "cannot be negative"),
    ({"caching": {"revalidate_after_origin_unavailable": {"200": "-1h"}}}, "cannot be negative"),
    ({"caching": {"max_age": {"600": "1h"}}}, "is not a status code"),
    ({"caching": {"max_age": {"2xx": "1h"}}}, "is not a status code"),
    ({"caching": {"max_age": {"200": "1h", 200: "2h"}}}, "appears twice"),
    ({"caching": {"partial_cache_sharing_min_hit_size": -1}}, "0 or more"),
    ({"caching": {"revalidate_while_stale_timer": 2**53}}, "a whole number"),
    ({"caching": {"ignore_origin_no_cache": [True]}}, "a status code"),
    ({"caching": {"cacheable_status_codes": [99]}}, "a status code"),
    ({"caching": {"h264_support": ["mp4"]}}, "is not a file extension"),
    ({"headers": {"set_request_headers": {"x:y": "1"}}}, "is not a header name: it holds ':'"),
    ({"headers": {"set_request_headers": {"x": "a\nb"}}}, "has a line break"),
    ({"headers": {"set_request_headers": {"x": "é"}}}, "is not printable ASCII"),
    ({"headers": {"set_request_headers": {"x": {"request": "path"}}}}, "expected text"),
    ({"headers": {"set_response_headers": {"x": {"request": "pth"}}}}, "one known variable"),
    ({"headers": {"set_request_headers": {"execute_on_shield": True}}}, "is missing"),
    ({"origin": {"read_idle_timeout": float("nan")}}, "a number"),
    ({"response": {"set_status_code": 600}}, "a status code"),
    ({"response": {"compress_content_types": ["text/*"]}}, "is not a media type"),
    ({"response": {"set_response_body": "\ud800"}}, "half of a surrogate pair"),
    ({"url": {"url_rewrite": {"source": "/a"}}}, "expected a list"),
    ({"url": {"url_redirect": {"code": "301"}}}, "did you mean 301?"),
    ({"comment": "x" * 2001}, "at most 2000"),
    ({"edge_function": ""}, "it is empty"),
    ({"edge_function": {"version": "2"}}, "did you mean 2?"),
    ({"set_variables": {"a b": "v"}}, "is not a variable name"),
]


@pytest.mark.parametrize(("features", "words"), REFUSED, ids=str)
def test_what_a_feature_does_not_take_is_one_coded_error(features: dict[str, object], words: str) -> None:
    """One problem, one diagnostic that names it."""
    with pytest.raises(FeatureError) as raised:
        features_from(features)
    assert len(raised.value.diagnostics) == 1
    assert words in str(raised.value)


def test_a_status_code_as_a_key_may_be_a_number() -> None:
    """Python users write numbers; the rule set holds text."""
    assert written(features_from({"caching": {"max_age": {200: "1h"}}})) == {
        "caching": {"max_age": {"200": "1h"}}
    }


def test_data_nested_without_end_is_refused() -> None:
    """Nothing recurses as deep as its input."""
    deep: object = 1
    for _ in range(5000):
        deep = {"x": deep}
    with pytest.raises(FeatureError, match="nested too deeply"):
        features_from({"edge_function": deep})


@pytest.mark.parametrize(
    "path",
    [
        "caching.max_age",
        "caching.bypass_cache",
        "origin.set_origin",
        "origin.read_idle_timeout",
        "headers.nothing",
    ],
)
def test_a_number_of_thousands_of_digits_is_a_coded_error(path: str) -> None:
    """Python refuses to print such a number; the message does without it."""
    section, name = path.split(".")
    with pytest.raises(FeatureError) as raised:
        features_from({section: {name: 10**5000}})
    assert str(raised.value)
