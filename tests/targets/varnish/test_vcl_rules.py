"""What VCL cannot make of a rule is an error with its line."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Router, build
from prefetchrouter.errors import UnsupportedError
from prefetchrouter.targets.varnish import VarnishTarget

LOWERED = "%{http_x/=(a)/$L1}"
"""A group of an expression in lower case: VCL has no function for that in a replacement."""


@pytest.mark.parametrize(
    "features",
    [
        {"caching": {"max_age": "1h", "cache_key": {"include_expressions": [LOWERED]}}},
        {
            "caching": {
                "max_age": "1h",
                "cache_key_rewrite": {"source": "/a(.*)", "destination": f"/b{LOWERED}"},
            }
        },
        {"headers": {"set_request_headers": {"x-a": LOWERED}}},
        {"headers": {"set_response_headers": {"x-a": LOWERED}}},
        {"response": {"set_response_body": LOWERED, "set_done": True}},
    ],
)
def test_a_form_that_vcl_lacks_is_an_error_with_the_line(features: dict[str, Any]) -> None:
    """Wherever it is written; never a traceback."""
    target = VarnishTarget(origins={"": "http://127.0.0.1:9"})
    with pytest.raises(UnsupportedError, match=r"test_vcl_rules.py:\d+: .*VCL cannot do the form"):
        build(Router().match("/a", features), targets=[target])  # type: ignore[arg-type]


def test_what_a_rule_sets_beside_a_status_with_variables_is_kept() -> None:
    response = {"set_status_code": "%{http_x_status:=203}", "compress_content_types": ["text/html"]}
    target = VarnishTarget(origins={"": "http://127.0.0.1:9"})
    built = build(Router().match("/a", response=response), targets=[target], unsupported="warn")  # type: ignore[arg-type]
    rules = next(file.text for file in built.files if file.path == "varnish/rules.vcl")
    assert "compress_content_types=text/html" in rules
    assert "set_status_code=" in rules
