"""Entity tags and dates."""

from __future__ import annotations

import pytest

from prefetchrouter.http import HeaderFields
from prefetchrouter.http_cache.validators import entity_tag, exact_date, is_strong, listed_tags


def test_the_first_etag_counts() -> None:
    assert entity_tag(HeaderFields({"etag": ['"a"', '"b"']})) == '"a"'
    assert entity_tag(HeaderFields({"etag": " "})) is entity_tag(HeaderFields()) is None


@pytest.mark.parametrize("tag", ['W/"a"', "a", '"a', 'a"', '"a"b"', '"a b"', "", '"\x00"'])
def test_only_a_well_formed_tag_is_strong(tag: str) -> None:
    assert not is_strong(tag)


def test_listed_tags() -> None:
    assert listed_tags('"a" , W/"b,c",, d ,"unfinished') == ['"a"', 'W/"b,c"', "d", '"unfinished']


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_the_three_forms_of_a_date(text: str) -> None:
    assert exact_date(text) == 784_111_777


@pytest.mark.parametrize(
    "text",
    [
        "", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    ],
)  # fmt: skip
def test_other_texts_are_no_date(text: str) -> None:
    assert exact_date(text) is None
