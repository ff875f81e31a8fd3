"""Rewrites and redirects: broken sources are errors, parts that no source captures are warnings."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter.errors import FeatureError
from prefetchrouter.rules.features import CacheKeyRewrite, Features, UrlRedirect, UrlRewrite, rewrite_warnings


def rewrite(source: str | None, destination: str, syntax: str | None = "path-to-regexp") -> Features:
    entry: dict[str, Any] = {"source": source, "destination": destination, "syntax": syntax}
    given: Any = {name: value for name, value in entry.items() if value is not None}
    return Features(url={"url_rewrite": [given]})


@pytest.mark.parametrize(
    ("source", "syntax", "code", "says"),
    [
        ("/*", "path-to-regexp", "path-pattern", '; write "/:rest*" ['),
        (r"/a/*:optionalSlash(\/?)?:optionalQuery(\?.*)?", "path-to-regexp", "path-pattern", ': "/a/*" at'),
        ("", "path-to-regexp", "path-pattern", "an empty pattern"),
        ("/a(", "path-to-regexp", "path-pattern", 'write "\\(" for the character'),
        ("^/a/+$", "path-to-regexp", "path-pattern", 'the syntax "regexp"'),
        ("(a+)+(", "regexp", "regex-syntax", "not closed"),
        ("(a+)+(", None, "regex-syntax", "not closed"),
        ("(?<=a)b", "regexp", "regex-portability", "lookbehind"),
    ],
)
def test_a_broken_source_is_an_error_with_a_cure_for_sources(
    source: str, syntax: str | None, code: str, says: str
) -> None:
    """Its place is reported, and `exact` or `re.compile`, which no source can be, are not proposed."""
    with pytest.raises(FeatureError) as caught:
        rewrite(source, "/b", syntax)
    message = str(caught.value)
    assert caught.value.code == code
    assert "url.url_rewrite[0].source: " in message
    assert says in message
    assert "exact(" not in message


def test_sources_of_redirects_and_cache_keys_are_read_as_well() -> None:
    """They are in the same languages."""
    with pytest.raises(FeatureError, match='source: "/'):
        UrlRedirect(source="/*", syntax="path-to-regexp")
    with pytest.raises(FeatureError, match='source: "'):
        CacheKeyRewrite(source="(")


def test_a_source_is_kept_as_it_was_written() -> None:
    r"""Reading it changes nothing, not even `\/`."""
    assert UrlRewrite(source=r"\/a\/(.*)").source == r"\/a\/(.*)"


@pytest.mark.parametrize(
    ("source", "destination", "syntax", "says"),
    [
        ("/p/:id", "/x/:slug", "path-to-regexp", 'does not capture ":slug"; it captures ":id"'),
        ("/p/:slugs", "/x/:slug", "path-to-regexp", 'did you mean ":slugs"?'),
        ("/p", "/x/:slug", "path-to-regexp", "it captures nothing"),
        ("/(a|b)", "/x/$1", "path-to-regexp", '"$" needs the syntax "regexp"'),
        ("^/a/(.*)$", "/n/$1/$4", "regexp", 'does not capture "$4"; it captures "$1"'),
        ("^/a/(.*)$", "/n/:id", "regexp", 'names need the syntax "path-to-regexp"'),
        ("/a/:id", "/n/:id", None, 'names need the syntax "path-to-regexp"'),
        (None, "/n/:id", None, 'no source captures ":id"; it stays as it is'),
    ],
)
def test_a_part_that_the_source_does_not_capture_is_a_warning(
    source: str | None, destination: str, syntax: str | None, says: str
) -> None:
    """The message names the part and what there is."""
    (warning,) = rewrite_warnings(rewrite(source, destination, syntax))
    assert (warning.code, warning.severity) == ("unlikely-value", "warning")
    assert says in str(warning)


@pytest.mark.parametrize(
    ("source", "destination", "syntax"),
    [
        ("/p/:id", "/x/:id", "path-to-regexp"),
        ("/p/:id", "/x/:id?a=:id", "path-to-regexp"),
        ("/(a|b)/:c", "/:0/:c", "path-to-regexp"),
        ("/p/:id", r"/x\:y/:id", "path-to-regexp"),
        (r"/p/:a*:optionalQuery(\?.*)?", "/:a:optionalQuery", "path-to-regexp"),
        ("^/(.)(.)", "/$2/$1", "regexp"),
        (".*", "https://a.example:8080/%{http_x:y}", "regexp"),
        ("^/a", "/12:30", "regexp"),
        (None, "https://a.example:8080${path}", None),
    ],
)  # fmt: skip
def test_what_is_captured_or_no_part_at_all_is_not_reported(
    source: str | None, destination: str, syntax: str | None
) -> None:
    """Ports, variables and escaped colons are not names."""
    assert rewrite_warnings(rewrite(source, destination, syntax)) == []


def test_each_missing_part_is_reported_once_with_its_place() -> None:
    """Rewrites, the redirect and the cache key, in this order."""
    features = Features(
        url={
            "url_rewrite": [{"source": "a", "destination": "b"}, {"source": "a", "destination": "$1$2$1"}],
            "url_redirect": {"source": "/a", "syntax": "path-to-regexp", "destination": "/:b"},
        },
        caching={"cache_key_rewrite": {"source": "(a)", "destination": "$3"}},
    )
    assert [warning.text.partition(": ")[0] for warning in rewrite_warnings(features)] == [
        "url.url_rewrite[1].destination",
        "url.url_rewrite[1].destination",
        "url.url_redirect.destination",
        "caching.cache_key_rewrite.destination",
    ]
