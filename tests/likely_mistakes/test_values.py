"""Values that are allowed but probably a mistake are warned of."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prefetchrouter import Router, exact, not_
from prefetchrouter.likely_mistakes.markers import MARKER, misspelled_marker


def warnings(criteria: Any) -> list[str]:
    """What a router says about criteria."""
    return [str(warning) for warning in Router().match(criteria, caching={"max_age": "1h"}).warnings]


@pytest.mark.parametrize(
    ("criteria", "says"),
    [
        ({"scheme": "https"}, 'scheme is never "https"'),
        ({"scheme": "https"}, 'did you mean "HTTPS"?'),
        ({"scheme": exact("Http")}, 'did you mean "HTTP"?'),
        ({"scheme": not_("https")}, 'did you mean "HTTPS"?'),
        ({"method": "GTE"}, 'did you mean "GET"?'),
        ({"method": ["GET", "FETCH"]}, 'method is never "FETCH"; expected one of "GET"'),
        ({"location": {"country": "de"}}, 'write "DE"'),
        ({"location": {"country": ["DE", "Germany"]}}, 'write "DE"'),
        ({"location": {"continent": "europe"}}, '"EU"'),
        (exact("about"), 'write "/about"'),
        (["/a", "b"], 'write "/b"'),
        (exact("/a b"), '"/a%20b"'),
        (["/café"], '"/caf%C3%A9"'),
    ],
)
def test_a_value_that_no_request_has_is_reported(criteria: Any, says: str) -> None:
    """One warning says what it is compared with, and what was likely meant."""
    (warning,) = warnings(criteria)
    assert says in warning


@pytest.mark.parametrize(
    "criteria",
    [
        {"scheme": "HTTPS"},
        {"scheme": re.compile("https", re.I)},
        {"method": "get"},
        {"method": ["GET", "HEAD"]},
        {"location": {"country": ["DE", "AT"], "city": "Bonn"}},
        {"headers": {"x-tier": "https"}, "query": {"a": "é b"}},
        exact("/a%20b"),
        ["/a", "/b"],
    ],
)
def test_a_value_that_a_request_can_have_is_not_reported(criteria: Any) -> None:
    """A warning that is always there is never read."""
    assert warnings(criteria) == []


@pytest.mark.parametrize(
    ("comment", "written"),
    [
        ("Cache-Manifest-Ignore", "Cache-Manifest-Ignore"),
        ("cache_manifest_ignore", "cache_manifest_ignore"),
        ("a draft: cache manifest ignore, please", "cache manifest ignore"),
        ("cacheManifestIgnore", "cacheManifestIgnore"),
        ("cache-manifest-ingore", "cache-manifest-ingore"),
        ("cache-manifests-ignored", "cache-manifests-ignored"),
        ("manifest-ignore", "manifest-ignore"),
    ],
)
def test_a_misspelled_marker_is_reported(comment: str, written: str) -> None:
    """It is the switch that keeps a rule private, so it must not fail in silence."""
    (warning,) = misspelled_marker(comment)
    assert f'"{written}"' in warning.message
    assert warning.hint == f'write "{MARKER}"'


@pytest.mark.parametrize(
    "comment",
    [None, "", MARKER, f"draft: {MARKER}!", "ignore the cache", "the cache has a manifest", "x" * 2000],
)
def test_other_comments_are_left_alone(comment: str | None) -> None:
    """Most speak of something else, or have the marker."""
    assert list(misspelled_marker(comment)) == []


def test_a_router_reports_a_misspelled_marker_with_the_line_of_the_rule() -> None:
    """Where the comment is written."""
    router = Router().match("/a", caching={"max_age": "1h"}, comment="Cache-Manifest-Ignore")
    (warning,) = router.warnings
    assert warning.code == "unlikely-value"
    assert warning.source is not None
