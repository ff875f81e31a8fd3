"""Where a site finds facts about its visitors: names and sources are checked, all at once."""

from __future__ import annotations

import pytest

from prefetchrouter import Property, RuleSet
from prefetchrouter.errors import PropertyError
from prefetchrouter.rules.facts import header_facts


def test_names_of_headers_are_compared_without_case() -> None:
    """So they are kept in lower case."""
    site = Property(facts={"location.country": "header:CF-IPCountry", "location.city": "platform:city"})
    assert site.facts == {"location.country": "header:cf-ipcountry", "location.city": "platform:city"}
    assert header_facts(site.facts or {}) == {"location.country": "cf-ipcountry"}


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"location.contry": "header:x"}, '"location.contry" is not the name of a fact'),
        ({"request.path": "header:x"}, '"request.path" follows from the request'),
        ({"request.header.x": "header:y"}, '"request.header.x" follows from the request'),
        ({"response.status_code": "header:x"}, '"response.status_code" belongs to a response'),
        ({"variable.resp_vary": "header:x"}, '"variable.resp_vary" belongs to a response'),
        ({"random.9": "header:x"}, '"random.9" is drawn for each request'),
        ({"location.city": "cookie:x"}, 'location.city: "cookie:x" is not a source of a fact'),
        ({"location.city": 7}, "location.city: 7 is not a source of a fact"),
        ({"location.city": "header:a b"}, "location.city: \"a b\" is not a header name: it holds ' '"),
        ({"location.city": "header:"}, 'location.city: "" is not a header name: it is empty'),
        ({"location.city": "platform:a;b"}, '"a;b" is not the name of a property of a platform'),
        ({7: "header:x"}, "7 is not the name of a fact"),
        ("location.city", '"location.city"'),
    ],
)
def test_an_invalid_fact_is_an_error_of_the_property(facts: object, message: str) -> None:
    """With what was wrong."""
    with pytest.raises(PropertyError) as error:
        Property(facts=facts)  # type: ignore[arg-type]
    assert message in str(error.value)
    assert {found.code for found in error.value.diagnostics} == {"property"}


def test_all_problems_are_reported_and_cures_can_be_typed() -> None:
    """A misspelled name, and a header without its kind."""
    with pytest.raises(PropertyError) as error:
        Property(facts={"location.contry": "header:x", "location.city": "x-city"})
    assert [found.hint for found in error.value.diagnostics] == [
        'did you mean "location.country"?',
        'write "header:x-city"',
    ]


def test_facts_are_in_the_json_of_a_rule_set() -> None:
    """Every reader of the rules needs them."""
    rules = RuleSet(rules=(), property=Property(facts={"location.country": "header:x-country"}))
    assert rules.to_json() == {"facts": {"location.country": "header:x-country"}, "rules": []}
    assert RuleSet.from_json(rules.to_json()).property == rules.property
