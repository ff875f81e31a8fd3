"""Changed headers."""

from __future__ import annotations

from prefetchrouter.http.message import HeaderFields
from prefetchrouter.http_cache.changed_fields import changed, members


def test_a_change_takes_the_place_of_all_fields_of_the_name() -> None:
    headers = HeaderFields({"A": ["1", "2"], "B": "3"})
    assert changed(headers, {"a": "9", "c": "4"}).fields() == (("a", "9"), ("b", "3"), ("c", "4"))
    assert headers.all("a") == ("1", "2")


def test_what_is_left_out_may_come_back_changed() -> None:
    assert changed(HeaderFields({"a": "1"}), {"a": "2"}, without=("a", "z")).fields() == (("a", "2"),)


def test_members_of_a_list() -> None:
    assert members("") == members(" , \t,") == []
    assert members("a b , c") == ["a b", "c"]
