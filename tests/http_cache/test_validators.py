"""Entity tags."""

from __future__ import annotations

import pytest

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.validators import entity_tag, is_strong, listed_tags


def test_the_first_etag_counts() -> None:
    assert entity_tag(HeaderFields({"etag": ['"a"', '"b"']})) == '"a"'
    assert entity_tag(HeaderFields({"etag": " "})) is entity_tag(HeaderFields()) is None


@pytest.mark.parametrize("tag", ['W/"a"', "a", '"a', 'a"', '"a"b"', '"a b"', "", '"\x00"'])
def test_only_a_well_formed_tag_is_strong(tag: str) -> None:
    assert not is_strong(tag)


def test_listed_tags() -> None:
    assert listed_tags('"a" , W/"b,c",, d ,"unfinished') == ['"a"', 'W/"b,c"', "d", '"unfinished']
