"""Origins, hostnames and the property around them: what each takes, and what is wrong with the rest."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Host, Hostname, Location, Origin, Property
from prefetchrouter.errors import PropertyError
from prefetchrouter.rules.features.section import written


def codes(make: Any) -> set[str]:
    with pytest.raises(PropertyError) as raised:
        make()
    return {found.code for found in raised.value.diagnostics}


def test_short_and_long_forms_say_the_same() -> None:
    """Text, mapping or model."""
    short = Property(origins=[Origin(name="web", hosts=["a.example"])], hostnames=["www.a.example"])
    mapping = Property(
        origins=[{"name": "web", "hosts": [{"location": "a.example"}]}],
        hostnames=[{"hostname": "www.a.example"}],
    )
    models = Property(
        origins=[Origin(name="web", hosts=[Host(location="a.example")])],
        hostnames=[Hostname(hostname="www.a.example")],
    )
    assert written(short) == written(mapping) == written(models)


def test_a_property_is_written_as_it_was_in_the_order_written() -> None:
    """Every key of an origin and a hostname."""
    document: dict[str, Any] = {
        "hostnames": [
            {
                "hostname": "*.a.example",
                "default_origin_name": "web",
                "report_code": 7,
                "directory": "/x",
                "tls": {"sni": True},
            }
        ],
        "name": "shop",
        "origins": [
            {
                "type": "customer_origin",
                "name": "web",
                "hosts": [
                    {
                        "scheme": "https",
                        "location": ["a.example", {"hostname": "b.example", "port": 8443}],
                        "dns_preference": "prefv6",
                        "balancer": "round_robin",
                        "weight": 50,
                        "dns_min_ttl": 1,
                        "dns_max_ttl": 60,
                        "max_pool": 10,
                        "max_hard_pool": 20,
                        "override_host_header": "c.example",
                    }
                ],
                "balancer": "primary_failover",
                "override_host_header": "d.example",
                "shields": {"apac": "QST", "us_east": "bypass"},
                "pci_certified_shields": True,
                "tls_verify": {
                    "use_sni": True,
                    "sni_hint_and_strict_san_check": "a.example",
                    "allow_self_signed_certs": False,
                    "pinned_certs": ["0" * 40],
                },
                "retry": {
                    "status_codes": [502, 503],
                    "max_requests": 2,
                    "max_wait_seconds": 10,
                    "after_seconds": 1,
                    "ignore_retry_after_header": False,
                },
            }
        ],
    }
    found = written(Property(**document))
    assert found == document
    assert list(found) == list(document)
    assert list(found["origins"][0]) == list(document["origins"][0])


def test_names_of_origins_come_in_their_order() -> None:
    """None if none are described."""
    assert Property(origins=[Origin(name="b"), Origin(name="a")]).origin_names == ("b", "a")
    assert Property().origin_names == ()


@pytest.mark.parametrize("name", ["web", "web-1", "WEB.eu_1", "0"])
def test_a_name_of_letters_digits_and_a_few_signs_is_fine(name: str) -> None:
    """As rules will call it."""
    assert Origin(name=name).name == name


@pytest.mark.parametrize(
    "name", ["", "a b", "ä", "a/b", "a\n", "x" * 201, None, 7, True, "edgio_static", "edgio_mine", "edgio_"]
)
def test_other_names_are_refused(name: Any) -> None:
    """The platform's own too."""
    assert codes(lambda: Origin(name=name)) == {"property"}


@pytest.mark.parametrize(
    "host",
    ["a.example", "localhost", "[2001:db8::1]", "192.0.2.1", "a-b.c-d.example", "xn--bcher-kva.example"],
)
def test_a_host_is_a_name_or_an_address(host: str) -> None:
    """As DNS and URLs write it."""
    assert Host(location=host).location == host


@pytest.mark.parametrize(
    "host",
    ["", "a", "a..example", "-a.example", "a-.example", "a_b.example", "*.example", "http://a.example",
     "a.example:80", "a.example/", "a b.example", "ä.example", "x" * 64 + ".example", None, 7, [], [[]],
     {"host": "a.example"}],
)  # fmt: skip
def test_what_is_not_a_host_is_refused(host: Any) -> None:
    """Scheme and port have their own places."""
    assert codes(lambda: Host(location=host)) == {"property"}


@pytest.mark.parametrize(
    "host, hint",
    [
        ("http://a.example", 'write Host(location="a.example", scheme="http")'),
        (
            "https://a.example:8443/",
            'write Host(location=[Location(hostname="a.example", port=8443)], scheme="https")',
        ),
        ("a.example:8080", 'port=8080)], scheme="https")'),
    ],
)
def test_a_host_with_scheme_or_port_is_reported_with_their_place(host: str, hint: str) -> None:
    """As it can be pasted."""
    with pytest.raises(PropertyError) as raised:
        Origin(name="web", hosts=[host])
    assert hint in str(raised.value)


@pytest.mark.parametrize("port", [0, 65536, -1, 80.0, "80", True, None])
def test_a_port_is_a_number_from_1_to_65535(port: Any) -> None:
    """As TCP has them."""
    assert codes(lambda: Location(hostname="a.example", port=port)) == {"property"}
    assert Location(hostname="a.example", port=65535).port == 65535


@pytest.mark.parametrize("hostname", ["www.a.example", "*.a.example", "localhost"])
def test_a_hostname_may_begin_with_a_star(hostname: str) -> None:
    """For all names below."""
    assert Hostname(hostname=hostname).hostname == hostname


@pytest.mark.parametrize("hostname", ["", "*", "a.*.example", "www", "https://www.a.example", None, 7])
def test_what_is_not_a_hostname_is_refused(hostname: Any) -> None:
    """No scheme, no path, at least two labels."""
    assert codes(lambda: Hostname(hostname=hostname)) == {"property"}


@pytest.mark.parametrize(
    "model, fields",
    [
        (Origin, {}),
        (Host, {}),
        (Hostname, {}),
        (Location, {"port": 80}),
        (Origin, {"name": "web", "hots": []}),
        (Origin, {"name": "web", "hosts": "a.example"}),
        (Origin, {"name": "web", "hosts": [7]}),
        (Origin, {"name": "web", "type": "other"}),
        (Origin, {"name": "web", "balancer": "best"}),
        (Origin, {"name": "web", "shields": {"us_east": "dcd"}}),
        (Origin, {"name": "web", "shields": {"mars": "DCD"}}),
        (Origin, {"name": "web", "override_host_header": "a b"}),
        (Origin, {"name": "web", "tls_verify": {"pinned_certs": ["0" * 39]}}),
        (Origin, {"name": "web", "tls_verify": {"pinned_certs": ["0" * 40] * 6}}),
        (Origin, {"name": "web", "retry": {"status_codes": [502]}}),
        (Host, {"location": ["a.example"] * 11}),
        (Host, {"location": "a.example", "scheme": "ftp"}),
        (Host, {"location": "a.example", "weight": -1}),
        (Property, {"hostnames": []}),
        (Property, {"hostnames": "www.a.example"}),
        (Property, {"origins": {"web": {}}}),
        (Property, {"name": 7}),
        (Property, {"origin": []}),
        (Property, {"name": None}),
    ],
)
def test_values_that_no_part_takes_are_refused(model: Any, fields: Any) -> None:
    """All with one code, and its page."""
    assert codes(lambda: model(**fields)) == {"property"}


def test_two_origins_of_one_name_are_refused() -> None:
    """A rule could mean either."""
    with pytest.raises(PropertyError, match=r'origins: "web" appears twice'):
        Property(origins=[Origin(name="web"), Origin(name="api"), Origin(name="web")])


@pytest.mark.parametrize("name", ["web", "edgio_static"])
def test_a_hostnames_default_origin_is_described_or_the_platforms(name: str) -> None:
    """Either will do; and anything where no origins are described."""
    hostname = Hostname(hostname="www.a.example", default_origin_name=name)
    assert Property(origins=[Origin(name="web")], hostnames=[hostname]).hostnames == (hostname,)
    assert Property(hostnames=[Hostname(hostname="www.a.example", default_origin_name="any")]).hostnames


def test_a_hostnames_unknown_default_origin_is_refused_with_the_likely_name() -> None:
    """It would answer for nothing."""
    with pytest.raises(
        PropertyError, match=r'"wbe" is not an origin; expected one of web; did you mean "web"\?'
    ):
        Property(
            origins=[Origin(name="web")],
            hostnames=[Hostname(hostname="www.a.example", default_origin_name="wbe")],
        )


def test_a_mistake_names_the_line_and_the_path_to_it() -> None:
    """From the outermost call."""
    with pytest.raises(PropertyError) as raised:
        Origin(name="web", hosts=["a.example", {"location": "b"}])
    (found,) = raised.value.diagnostics
    assert found.source is not None
    assert found.source.file == __file__
    assert found.text.startswith("hosts[1].location: ")


def test_a_property_is_frozen() -> None:
    """As all of the model."""
    with pytest.raises(ValueError, match="frozen"):
        Property(name="shop").name = "other"


def test_a_mapping_that_is_wrong_is_the_same_kind_of_error() -> None:
    """`of` differs from the constructor only in that its errors carry no line."""
    with pytest.raises(PropertyError, match='"nmae" is not an option; did you mean "name"') as raised:
        Property.of({"nmae": "shop"})
    assert raised.value.diagnostics[0].source is None
