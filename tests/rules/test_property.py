"""The description of a site: what is accepted, and what its mistakes are told as."""

from __future__ import annotations

import pytest

from prefetchrouter import Host, Location, Origin, Property
from prefetchrouter.errors import PropertyError
from prefetchrouter.rules.features.section import written


def test_a_host_is_text_a_mapping_or_a_model() -> None:
    """The three ways to write a host mean the same."""
    as_text = Origin(name="web", hosts=["origin.shop.example"])
    assert as_text == Origin(name="web", hosts=[{"location": "origin.shop.example"}])
    assert as_text == Origin(name="web", hosts=[Host(location="origin.shop.example")])


def test_what_was_written_is_kept_as_it_was_written() -> None:
    """The description reaches the rule set with the keys and order of the user's text."""
    host = Host(location=[Location(hostname="a.example", port=8443)], scheme="https")
    site = Property(origins=[Origin(name="web", hosts=[host], shields={"us_east": "DCD"})])
    assert written(site) == {
        "origins": [
            {
                "name": "web",
                "hosts": [{"location": [{"hostname": "a.example", "port": 8443}], "scheme": "https"}],
                "shields": {"us_east": "DCD"},
            }
        ]
    }


@pytest.mark.parametrize(
    ("hosts", "cure"),
    [
        ("https://a.example", 'write Host(location="a.example", scheme="https")'),
        (
            "a.example:8443",
            'write Host(location=[Location(hostname="a.example", port=8443)], scheme="https")',
        ),
        ("http://a.example:80/", 'location=[Location(hostname="a.example", port=80)], scheme="http")'),
    ],
)
def test_a_host_with_scheme_or_port_is_told_how_to_say_it(hosts: str, cure: str) -> None:
    """The proposal is Python that can be copied."""
    with pytest.raises(PropertyError) as caught:
        Origin(name="web", hosts=[hosts])
    assert caught.value.diagnostics[0].hint is not None
    assert cure in caught.value.diagnostics[0].hint


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"origins": [{"name": "a"}, {"name": "a"}]}, 'origins: "a" is there twice'),
        ({"origins": [{"name": "edgio_static"}]}, 'origins[0]: "edgio_static" is a name of the platform'),
        ({"origins": [{"name": "a b"}]}, 'origins[0].name: "a b" is not a name'),
        (
            {"origins": [{"name": "a", "shields": {"apac": "x"}}]},
            'origins[0].shields.apac: "x" is not a shield',
        ),
        ({"origins": [{"name": "a", "tls_verify": {"pinned_certs": ["1"]}}]}, "is not a fingerprint"),
        ({"origins": [{"name": "a", "hosts": [{"location": []}]}]}, "hosts[0].location: the list is empty"),
        ({"origins": [{"name": "a", "retry": {"max_requests": 1}}]}, "retry.status_codes: it is missing"),
        ({"hostnames": ["shop"]}, 'hostnames[0].hostname: "shop" is not a hostname'),
        ({"hostnames": []}, "hostnames: the list is empty"),
        ({"hostnames": [3]}, "hostnames[0]: 3 is not a Hostname"),
        ({"nme": "shop"}, '"nme" is not an option'),
        (
            {
                "origins": [{"name": "a"}],
                "hostnames": [{"hostname": "s.example", "default_origin_name": "b"}],
            },
            'default_origin_name "b" is not an origin',
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(fields: dict[str, object], message: str) -> None:
    """Every mistake in a description has the code `property` and says where it is."""
    with pytest.raises(PropertyError) as caught:
        Property(**fields)  # type: ignore[arg-type]
    assert {"property"} == {found.code for found in caught.value.diagnostics}
    assert message in str(caught.value)
