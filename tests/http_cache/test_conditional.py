"""304 to clients: rule E24."""

from __future__ import annotations

import pytest

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.conditional import headers_of_304, is_not_modified

AT_899 = "Thu, 01 Jan 1970 00:14:59 GMT"
AT_900 = "Thu, 01 Jan 1970 00:15:00 GMT"
AT_900_RFC850 = "Thursday, 01-Jan-70 00:15:00 GMT"
AT_901 = "Thu, 01 Jan 1970 00:15:01 GMT"


def holds(asked: dict[str, str | list[str]], copy: dict[str, str | list[str]], status: int = 200) -> bool:
    return is_not_modified(HeaderFields(asked), status, HeaderFields(copy))


@pytest.mark.parametrize(
    ("asked", "tag", "expected"),
    [
        ('"a"', '"a"', True),
        ('"a"', 'W/"a"', True),
        ('W/"a"', '"a"', True),
        ('W/"a"', 'W/"a"', True),
        ('"b"', '"a"', False),
        ('"A"', '"a"', False),
        ('"a", "b", "c"', '"b"', True),
        ('"a","b","c"', '"c"', True),
        ('"x,y"', '"x,y"', True),
        ('"x,y"', '"y"', False),
        ('"a"b"', '"b"', False),
        (['"a"', '"b"'], '"b"', True),
        ("*", '"a"', True),
        (" * ", '"a"', True),
        ('*, "b"', '"a"', False),
        ('"*"', '"a"', False),
        ("", '"a"', False),
        (",", '"a"', False),
        ("a", '"a"', False),
        ("a", "a", True),
        ('"caf\u00fc"', '"caf\u00fc"', True),
        ('""', '""', True),
        ('w/"a"', '"a"', False),
    ],
)
def test_if_none_match(asked: str | list[str], tag: str, expected: bool) -> None:
    assert holds({"if-none-match": asked}, {"etag": tag}) is expected


def test_any_copy_matches_a_star() -> None:
    assert holds({"if-none-match": "*"}, {})
    assert not holds({"if-none-match": '"a"'}, {})
    assert not holds({"if-none-match": '""'}, {"etag": ""})


@pytest.mark.parametrize(
    ("since", "copy", "expected"),
    [
        (AT_900, {"last-modified": AT_900}, True),
        (AT_901, {"last-modified": AT_900}, True),
        (AT_899, {"last-modified": AT_900}, False),
        (AT_900_RFC850, {"last-modified": AT_900}, True),
        (AT_901, {"date": AT_900}, True),
        (AT_899, {"date": AT_900}, False),
        (AT_900, {"last-modified": AT_901, "date": AT_899}, False),
        (AT_901, {"last-modified": "x", "date": AT_900}, False),
        (AT_901, {}, False),
        ("x", {"last-modified": AT_900}, False),
        ("2050", {"last-modified": AT_900}, False),
        ("", {"last-modified": AT_900}, False),
        ([AT_901, AT_901], {"last-modified": AT_900}, False),
    ],
)
def test_if_modified_since(since: str | list[str], copy: dict[str, str | list[str]], expected: bool) -> None:
    assert holds({"if-modified-since": since}, copy) is expected


def test_if_none_match_goes_before_if_modified_since() -> None:
    copy: dict[str, str | list[str]] = {"etag": '"a"', "last-modified": AT_900}
    assert not holds({"if-none-match": '"b"', "if-modified-since": AT_901}, copy)
    assert holds({"if-none-match": '"a"', "if-modified-since": AT_899}, copy)
    assert not holds({"if-none-match": "", "if-modified-since": AT_901}, copy)


@pytest.mark.parametrize("status", [203, 301, 404, 500])
def test_only_a_200_has_conditions(status: int) -> None:
    copy: dict[str, str | list[str]] = {"etag": '"a"', "last-modified": AT_900}
    assert not holds({"if-none-match": '"a"'}, copy, status)
    assert not holds({"if-modified-since": AT_900}, copy, status)


def test_without_conditions_nothing_is_a_304() -> None:
    assert not holds({"if-match": '"a"', "range": "bytes=0-1"}, {"etag": '"a"'})


def test_what_a_304_tells() -> None:
    told = {
        "age": "5", "cache-control": "max-age=9", "content-location": "/b", "date": AT_900, "etag": '"a"',
        "expires": AT_901, "vary": "accept",
    }  # fmt: skip
    copy = {**told, "content-type": "text/html", "content-length": "5", "last-modified": AT_900, "x-a": "1"}
    assert headers_of_304(HeaderFields(copy)) == HeaderFields(told)


def test_a_304_without_etag_tells_last_modified() -> None:
    assert headers_of_304(HeaderFields({"last-modified": AT_900})).fields() == (("last-modified", AT_900),)
