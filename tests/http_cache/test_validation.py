"""Asking the origin again: rule E16."""

from __future__ import annotations

import pytest

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.validation import conditional_headers, freshened, is_about

AT_900 = "Thu, 01 Jan 1970 00:15:00 GMT"
AT_900_ASCTIME = "Thu Jan  1 00:15:00 1970"
AT_901 = "Thu, 01 Jan 1970 00:15:01 GMT"


@pytest.mark.parametrize(
    ("copy", "asked"),
    [
        ({}, {}),
        ({"etag": 'W/"a"'}, {"if-none-match": 'W/"a"'}),
        ({"etag": "unquoted"}, {"if-none-match": "unquoted"}),
        ({"etag": ['"a"', '"b"']}, {"if-none-match": '"a"'}),
        ({"etag": ""}, {}),
        ({"last-modified": AT_900}, {"if-modified-since": AT_900}),
        ({"last-modified": AT_900_ASCTIME}, {"if-modified-since": AT_900_ASCTIME}),
        ({"etag": '"a"', "last-modified": AT_900}, {"if-none-match": '"a"', "if-modified-since": AT_900}),
        ({"etag": '"a"', "last-modified": "yesterday"}, {"if-none-match": '"a"'}),
        ({"etag": '"a"\r\nx-evil: 1', "last-modified": AT_900 + "\r\nx-evil: 1"}, {}),
        ({"date": AT_900}, {}),
    ],
)
def test_the_conditional_headers(copy: dict[str, str | list[str]], asked: dict[str, str]) -> None:
    assert conditional_headers(HeaderFields(copy)) == HeaderFields(asked)


@pytest.mark.parametrize(
    ("copy", "update", "expected"),
    [
        ({}, {}, True),
        ({"etag": '"a"'}, {}, True),
        ({}, {"etag": '"a"'}, True),
        ({"etag": '"a"'}, {"etag": '"a"'}, True),
        ({"etag": '"a"'}, {"etag": 'W/"a"'}, True),
        ({"etag": '"a"'}, {"etag": '"b"'}, False),
        ({"etag": 'W/"a"'}, {"etag": 'W/"b"'}, False),
        ({"etag": '"a"', "last-modified": AT_900}, {"etag": '"a"', "last-modified": AT_901}, True),
        ({"etag": '"a"', "last-modified": AT_900}, {"etag": '"b"', "last-modified": AT_900}, False),
        ({"last-modified": AT_900}, {"last-modified": AT_900_ASCTIME}, True),
        ({"last-modified": AT_900}, {"last-modified": AT_901}, False),
        ({"last-modified": AT_900}, {"etag": '"a"', "last-modified": AT_901}, False),
        ({"last-modified": "x"}, {"last-modified": "x"}, True),
        ({"last-modified": "x"}, {"last-modified": "y"}, False),
        ({"last-modified": AT_900}, {"last-modified": "y"}, False),
    ],
)
def test_a_304_that_contradicts_the_copy_is_not_about_it(
    copy: dict[str, str], update: dict[str, str], expected: bool
) -> None:
    assert is_about(HeaderFields(copy), HeaderFields(update)) is expected


@pytest.mark.parametrize(
    "name",
    [
        "test-header", "x-content-foo", "cache-control", "content-location", "content-security-policy",
        "content-type", "expires", "set-cookie", "x-frame-options", "vary", "last-modified", "age", "date",
    ],
)  # fmt: skip
def test_a_304_takes_the_place_of(name: str) -> None:
    copy = HeaderFields({name: ["old", "older"], "x-kept": "1"})
    assert freshened(copy, HeaderFields({name: "new"})) == HeaderFields({name: "new", "x-kept": "1"})


@pytest.mark.parametrize(
    "name", ["content-encoding", "content-length", "content-md5", "content-range", "etag"]
)
def test_a_304_does_not_change_what_belongs_to_the_body(name: str) -> None:
    copy = HeaderFields({name: "old"})
    assert freshened(copy, HeaderFields({name: "new"})) == copy


def test_a_304_adds_what_was_not_there_but_nothing_of_the_body_or_the_connection() -> None:
    update = {
        "x-new": ["1", "2"], "etag": '"a"', "content-length": "0", "content-encoding": "gzip",
        "connection": "x-hop",
        "x-hop": "1", "keep-alive": "timeout=5", "transfer-encoding": "chunked",
    }  # fmt: skip
    assert freshened(HeaderFields(), HeaderFields(update)).fields() == (
        ("x-new", "1"), ("x-new", "2"), ("etag", '"a"'),
    )  # fmt: skip


def test_earlier_age_and_date_no_longer_count() -> None:
    copy = HeaderFields({"age": "50", "date": AT_900, "etag": '"a"'})
    assert freshened(copy, HeaderFields()).fields() == (("etag", '"a"'),)
    assert freshened(copy, HeaderFields({"date": AT_901}))["date"] == AT_901
