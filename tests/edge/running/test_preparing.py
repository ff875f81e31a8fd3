"""What has to be right before anything is served: origins, hosts, features; each problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter import Origin, Property, Router, RuleSet
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.running.preparing import (
    certificate,
    given_origins,
    origins_of,
    places,
    problems,
    site_identity,
    wanted_origins,
)
from prefetchrouter.edge.running.settings import ServeSettings
from prefetchrouter.errors import ServeError

SHOP = Property(
    origins=[Origin(name="web", hosts=["web.shop.example"]), Origin(name="api")],
    hostnames=["*.shop.example", "WWW.shop.example"],
)
NAMES = ("*.shop.example", "www.shop.example")
RULES = Router().always(origin={"set_origin": "web"}).get("/api/:rest*", origin={"set_origin": "api"})


def rules(router: Router = RULES, property: Property | None = None) -> RuleSet:
    return RuleSet(rules=router.rules, property=property)


def told(found: RuleSet, settings: ServeSettings) -> list[str]:
    return [str(problem) for problem in problems(found, origins_of(found, settings, RequestLog()), settings)]


# What rules are reported


@pytest.mark.parametrize(
    "settings, property, expected",
    [
        (ServeSettings(), None, SiteIdentity("https", None)),
        (ServeSettings(), SHOP, SiteIdentity("https", "www.shop.example", NAMES)),
        (
            ServeSettings(scheme="http", host="test.example", aliases=("other.example",)),
            SHOP,
            SiteIdentity("http", "test.example", NAMES, ("other.example",)),
        ),
        (
            ServeSettings(),
            Property(hostnames=["*.shop.example"]),
            SiteIdentity("https", None, ("*.shop.example",)),
        ),
    ],
)
def test_rules_get_the_first_name_of_the_site(
    settings: ServeSettings, property: Property | None, expected: SiteIdentity
) -> None:
    """No browser requests a name with a star; what the user says goes first."""
    assert site_identity(settings, rules(property=property)) == expected


# Origins


def test_every_origin_that_rules_set_is_wanted_with_its_line() -> None:
    """In chains and nested routers too."""
    router = (
        Router()
        .if_("/a", origin={"set_origin": "one"})
        .else_(Router().match("/b", origin={"set_origin": "two"}).match("/c", origin={"set_origin": "one"}))
    )
    wanted = wanted_origins(rules(router))
    assert [name for name in wanted if name] == ["one", "two"]
    assert all(source is not None for name, source in wanted.items() if name)


def test_requests_without_an_origin_are_wanted_unless_all_have_one() -> None:
    """By a rule for every request, also in a nested router, or by the property."""
    some = Router().match("/a", origin={"set_origin": "web"})
    nested = Router().use(lambda router: router.always(origin={"set_origin": "web"}))
    by_default = Property(hostnames=[{"hostname": "shop.example", "default_origin_name": "web"}])
    assert None in wanted_origins(rules(some))
    assert None not in wanted_origins(rules(RULES))
    assert None not in wanted_origins(rules(nested))
    assert list(wanted_origins(rules(some, by_default))) == ["web"]


def test_what_has_no_name_goes_before_what_the_property_says(tmp_path: Path) -> None:
    """And after what is given by name."""
    given = {"": str(tmp_path), "api": "http://localhost:1"}
    found = rules(property=SHOP)
    assert given_origins(found, given) == {"web": str(tmp_path), **given}
    assert places(found, given) == [("web", str(tmp_path)), ("api", "http://localhost:1")]
    assert given_origins(found, {"api": "x"}) == {"api": "x"}


def test_places_are_those_of_the_property_when_nothing_is_given() -> None:
    """All hosts."""
    many = Origin(
        name="web",
        hosts=[{"location": ["a.example", {"hostname": "b.example", "port": 81}], "scheme": "https"}],
    )
    assert places(rules(Router().always(origin={"set_origin": "web"}), Property(origins=[many])), {}) == [
        ("web", "a.example, b.example")
    ]
    assert places(rules(Router()), {"web": "http://localhost:1"}) == [("default", "http://localhost:1")]


# Problems


def test_nothing_is_wrong_when_every_origin_has_a_place(tmp_path: Path) -> None:
    """By its name, by default, or by the property."""
    assert told(rules(), ServeSettings(origins={"": str(tmp_path)})) == []
    assert told(rules(property=SHOP), ServeSettings(origins={"api": str(tmp_path)})) == []


def test_unreachable_origins_are_reported_with_the_line_that_sets_them() -> None:
    """And with what to write."""
    (problem,) = told(rules(property=SHOP), ServeSettings())
    assert problem == (
        f'{wanted_origins(rules())["api"]}: origin "api": nothing says where it is; '
        "give it with --origin api=URL or --origin api=FOLDER [serve]"
    )


def test_requests_without_an_origin_are_reported() -> None:
    """Without a line: none says it."""
    (problem,) = told(rules(Router()), ServeSettings())
    assert problem == (
        "no rule names an origin for all requests; "
        "give one with --origin URL or --origin FOLDER, or the example shop with --example [serve]"
    )


def test_an_origin_that_no_rule_names_is_reported(tmp_path: Path) -> None:
    """It is misspelled."""
    given = {"": str(tmp_path), "wbe": str(tmp_path)}
    (problem,) = told(rules(), ServeSettings(origins=given))
    assert '--origin wbe: neither a rule nor the property names an origin "wbe"' in problem
    assert 'did you mean "web"?' in problem


def test_features_that_the_edge_does_not_have_are_reported_unless_they_may_be_left_out(
    tmp_path: Path,
) -> None:
    """Each with its line."""
    found = rules(Router().match("/a", response={"optimize_images": True}))
    (problem,) = told(found, ServeSettings(origins={"": str(tmp_path)}))
    assert "test_preparing.py" in problem
    settings = ServeSettings(origins={"": str(tmp_path)}, without=("response.optimize_images",))
    assert told(found, settings) == []


# Certificates


def test_plain_http_needs_no_certificate(tmp_path: Path) -> None:
    """One of the user's own is read, and has to be there."""
    assert certificate(ServeSettings()) is None
    with pytest.raises(ServeError, match=r"none\.pem does not exist"):
        certificate(ServeSettings(https=True, certificate=tmp_path / "none.pem"))
