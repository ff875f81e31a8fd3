"""What each operator means, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Request
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.evaluation.predicates import predicate
from prefetchrouter.http.message import Response
from prefetchrouter.rules.condition_json import condition_from_json

PATH = {"request": "path"}
COUNTRY = {"location": "country"}
HEIGHT = {"device": "resolution_height"}
TABLET = {"device": "is_tablet"}
STATUS = {"response": "status_code"}
CITY = {"variable": "geo_city"}
ADDRESS = {"request": "client_ip"}


def holds(condition: Any, request: Request) -> bool:
    """Return whether a condition in the rule language is true of a request."""
    return predicate(condition_from_json(condition)).holds(RequestContext(request))


def with_facts(**facts: Any) -> Request:
    """A request with facts; two underscores stand for the dot."""
    return Request("/", facts={name.replace("__", "."): value for name, value in facts.items()})


@pytest.mark.parametrize(
    "path, condition, expected",
    [
        ("/Pages/1/", {"==": [PATH, "/pages/:id"]}, True),
        ("/pages", {"==": [PATH, "/pages/:id"]}, False),
        ("/about//", {"==": [PATH, "/about"]}, True),
        ("/About/", {"==": [PATH, "/about"]}, True),
        ("/x", {"==": [PATH, "/x/"]}, False),
        ("/pages/1", {"!=": [PATH, "/pages/:id"]}, False),
        ("/pages/1", {"===": [PATH, "/pages/1"]}, True),
        ("/Pages/1", {"===": [PATH, "/pages/1"]}, False),
        ("/Pages/1", {"!==": [PATH, "/pages/1"]}, True),
        ("/a/old/b", {"=~": [PATH, "/old/"]}, True),
        ("/a/OLD/b", {"=~": [PATH, "/old/"]}, False),
        ("/a/OLD/b", {"=~": [PATH, "(?i)/old/"]}, True),
        ("/a/old/b", {"!~": [PATH, "/old/"]}, False),
        ("/a", {"in": [PATH, ["/a", "/b"]]}, True),
        ("/A", {"in": [PATH, ["/a", "/b"]]}, False),
        ("/a", {"in": [PATH, []]}, False),
        ("/a", {"not_in": [PATH, []]}, True),
        ("/caf%C3%A9", {"===": [PATH, "/café"]}, False),
        ("/café", {"===": [PATH, "/caf%C3%A9"]}, True),
        ("/GET", {"===": ["/GET", PATH]}, True),
    ],
)
def test_a_path_is_compared(path: str, condition: Any, expected: bool) -> None:
    """Patterns ignore case and one last slash, all else is compared literally."""
    assert expected is holds(condition, Request(path))


@pytest.mark.parametrize(
    "fact, condition, expected",
    [
        ("true", {"===": [TABLET, True]}, True),
        (True, {"===": [TABLET, "true"]}, True),
        (False, {"===": [TABLET, True]}, False),
        (False, {"!==": [TABLET, True]}, True),
        ("768", {"===": [HEIGHT, 768]}, True),
        (768, {"===": [HEIGHT, "768"]}, True),
        (768, {"in": [HEIGHT, [768, "1024"]]}, True),
        ("true", {"===": [HEIGHT, True]}, False),
    ],
)
def test_a_fact_that_is_a_number_or_a_flag_equals_both_spellings(
    fact: Any, condition: Any, expected: bool
) -> None:
    """Devices' flags and numbers may be compared with text and with the value itself."""
    name = "device__resolution_height" if HEIGHT in next(iter(condition.values())) else "device__is_tablet"
    assert expected is holds(condition, with_facts(**{name: fact}))


@pytest.mark.parametrize(
    "condition, expected",
    [
        ({"===": [STATUS, "404"]}, True),
        ({"===": [STATUS, 404]}, False),
        ({"!==": [STATUS, 404]}, True),
        ({"in": [STATUS, ["404"]]}, True),
        ({"in": [STATUS, [404]]}, True),
        ({"in": [STATUS, [404.0]]}, True),
        ({"=~": [STATUS, "^4"]}, True),
        ({"=~": [STATUS, 404]}, True),
    ],
)
def test_text_equals_no_number_but_a_list_compares_loosely(condition: Any, expected: bool) -> None:
    """``"404" === 404`` is false, ``"404" in [404]`` is true."""
    assert expected is holds(condition, Request("/", response=Response(404)))


@pytest.mark.parametrize(
    "height, condition, expected",
    [
        ("10", {"<": [HEIGHT, "9"]}, False),
        ("9", {"<": [HEIGHT, "10"]}, True),
        ("9.5", {"<=": [HEIGHT, 9.5]}, True),
        ("900", {"<=": [720, HEIGHT, 1080]}, True),
        ("1200", {"<=": [720, HEIGHT, 1080]}, False),
        ("720", {"<": [720, HEIGHT, 1080]}, False),
        ("11", {">": [HEIGHT, 10]}, True),
        ("10", {">=": [HEIGHT, 10]}, True),
        ("tall", {">": [HEIGHT, 0]}, False),
        ("", {"<": [HEIGHT, 1]}, False),
        ("-1e2", {"<": [HEIGHT, 0]}, True),
    ],
)
def test_order_is_that_of_numbers(height: str, condition: Any, expected: bool) -> None:
    """Text that is a number counts as one, other text is in no order."""
    assert expected is holds(condition, with_facts(device__resolution_height=height))


@pytest.mark.parametrize(
    "condition, expected",
    [
        ({"===": [CITY, "Rome"]}, False),
        ({"==": [CITY, "/rome"]}, False),
        ({"=~": [CITY, ".*"]}, False),
        ({"in": [CITY, ["Rome"]]}, False),
        ({"<": [HEIGHT, 1000]}, False),
        ({">=": [HEIGHT, 0]}, False),
        ({"!==": [CITY, "Rome"]}, True),
        ({"!=": [CITY, "/rome"]}, True),
        ({"!~": [CITY, ".*"]}, True),
        ({"not_in": [CITY, ["Rome"]]}, True),
    ],
)
def test_a_missing_fact_makes_a_test_false_and_its_opposite_true(condition: Any, expected: bool) -> None:
    """What the request does not have equals nothing and is in no order."""
    assert expected is holds(condition, Request("/"))


def test_a_missing_location_reads_as_a_question_mark() -> None:
    """Edges report an unknown location as ``?``."""
    assert holds({"===": [COUNTRY, "?"]}, Request("/"))
    assert not holds({"===": [COUNTRY, "DE"]}, Request("/"))


@pytest.mark.parametrize(
    "condition, expected",
    [
        ({"===": [ADDRESS, "5.5.5.64/26"]}, True),
        ({"===": [ADDRESS, "5.5.5.77"]}, True),
        ({"===": [ADDRESS, "5.5.6.0/24"]}, False),
        ({"!==": [ADDRESS, "5.5.6.0/24"]}, True),
        ({"in": [ADDRESS, ["10.0.0.0/8", "5.5.5.70/26"]]}, True),
        ({"not_in": [ADDRESS, ["10.0.0.0/8", "1:2:3::0/48"]]}, True),
        ({"===": [ADDRESS, "not an address"]}, False),
    ],
)
def test_an_address_may_be_compared_with_a_block(condition: Any, expected: bool) -> None:
    """A block means each of its addresses."""
    assert expected is holds(condition, with_facts(request__client_ip="5.5.5.77"))


def test_and_needs_all_of_its_members_or_needs_one() -> None:
    """`and` and `or` join conditions, and nest."""
    yes, no = {"===": [PATH, "/"]}, {"===": [PATH, "/b"]}

    assert holds({"and": [yes, yes, yes]}, Request("/"))
    assert not holds({"and": [yes, no, yes]}, Request("/"))
    assert holds({"or": [no, {"and": [yes, yes]}]}, Request("/"))
    assert not holds({"or": [no, no]}, Request("/"))


@pytest.mark.parametrize(
    "operator, other, expected",
    [
        ("===", "Rome", True),
        ("===", "rome", False),
        ("in", "Rome", True),
        ("==", "rome", True),
        ("=~", "om", True),
        ("!~", "om", False),
        ("=~", "o.", False),
        ("!==", "Rome", False),
    ],
)
def test_two_facts_are_compared_as_plain_text(operator: str, other: str, expected: bool) -> None:
    """A fact of the request is neither a pattern nor a regular expression."""
    condition = {operator: [CITY, {"variable": "http_x_city"}]}
    request = Request("/", headers={"x-city": other}, facts={"location.city": "Rome"})

    assert expected is holds(condition, request)
