"""What the embedded edge reports rules that use what it does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Router, RuleSet, load
from prefetchrouter.catalog import FEATURES
from prefetchrouter.edge.running.supported import unsupported
from prefetchrouter.source import Source
from prefetchrouter.targets.embedded import SUPPORT, UNKNOWN

MISSING = sorted(name for name, support in SUPPORT.features.items() if support.level == "none")
EXAMPLE = Path(__file__).parents[3] / "examples" / "routes.py"
OPTIMIZED = {"response": {"optimize_images": True}}


def test_the_table_has_every_feature_and_no_other() -> None:
    """A feature of ours that it does not know yet is one that this edge does not have."""
    assert set(SUPPORT.features) == set(FEATURES)
    assert all(FEATURES[name].own for name, support in SUPPORT.features.items() if support is UNKNOWN)


@pytest.mark.parametrize("name", sorted(SUPPORT.features))
def test_a_line_of_the_table_says_how(name: str) -> None:
    """One line, short enough for a cell of the page."""
    how = SUPPORT.features[name].note
    assert 10 < len(how) < 90
    assert not set(how) & set("|\n")


def using(name: str, value: Any) -> RuleSet:
    section, _, own = name.rpartition(".")
    return RuleSet.from_json([{section: {own: value}} if section else {own: value}], "raw")


@pytest.mark.parametrize("name", MISSING)
def test_each_missing_feature_is_reported(name: str) -> None:
    """With its name, the reason, and how to serve without it."""
    (found,) = unsupported(using(name, FEATURES[name].example))

    assert str(found) == (
        f"rules[0]: {name}: this edge does not have it ({SUPPORT.features[name].note}); "
        f"--without {name} serves without it [edge-feature]"
    )
    assert found.severity == "error"


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_feature_can_be_done_without(name: str) -> None:
    """By its own name, and not by that of another."""
    rules = using(name, FEATURES[name].example)

    assert unsupported(rules, [name]) == []
    assert unsupported(rules, [other for other in MISSING if other != name]) == unsupported(rules)


@pytest.mark.parametrize(
    "name, value",
    [
        ("access.token_auth", False),
        ("response.optimize_images", False),
        ("caching.h264_support", [".mp4", ".f4v"]),
        ("logs.custom_log_field_format", "-"),
        ("access.token_auth_denial_code", {"code": 403}),
    ],
)
def test_the_default_of_a_feature_needs_no_support(name: str, value: Any) -> None:
    """A rule that sets it means the same without it."""
    assert unsupported(using(name, value)) == []


def test_an_empty_list_that_replaces_a_default_is_refused() -> None:
    """It switches seeking off, which this edge never has on: the rule is not what is served."""
    (found,) = unsupported(using("caching.h264_support", []))
    assert found.code == "edge-feature"


def test_what_the_edge_has_is_not_reported() -> None:
    """The long form for a shield is one of these: there is no shield."""
    router = Router().always(
        caching={"bypass_client_cache": {"value": True, "execute_on_shield": True}, "max_age": "1h"},
        headers={"set_request_headers": {"headers": {"x-a": "b"}, "execute_on_shield": True}},
        nel={"disabled": True},
        url={"url_redirect": {"destination": "/"}, "follow_redirects": True},
        comment="a note",
    )
    assert unsupported(router) == []


def test_each_use_is_reported_with_its_own_line(tmp_path: Path) -> None:
    """In chains, elses and nested routers too; what stands twice on a line, once."""
    file = tmp_path / "routes.py"
    file.write_text(
        "from prefetchrouter import Router\n"
        "optimized = {'response': {'optimize_images': True}}\n"
        "inner = (\n"
        "    Router()\n"
        "    .if_({'query': {'a': '1'}}, optimized)\n"
        "    .elif_({'query': {'a': '2'}}, Router().always(logs={'log_query_string': True}))\n"
        "    .else_(client={'quic': True})\n"
        ")\n"
        "router = Router().match('/a', inner)\n"
        "for name in ('b', 'c'):\n"
        "    router.match(f'/{name}', optimized, edge_function='edge/a.js')\n",
        encoding="utf-8",
    )
    found = [(diagnostic.source, diagnostic.message) for diagnostic in unsupported(load(file).rule_set)]

    wanted = [
        (5, "response.optimize_images"),
        (6, "logs.log_query_string"),
        (7, "client.quic"),
        (11, "response.optimize_images"),
        (11, "edge_function"),
    ]
    assert [(str(source), message.partition(":")[0]) for source, message in found] == [
        (str(Source(str(file), line)), name) for line, name in wanted
    ]


@pytest.mark.parametrize(
    "name, message, hint",
    [
        (
            "response.optimise_images",
            '--without response.optimise_images: "response.optimise_images" is not a feature',
            'did you mean "response.optimize_images"?',
        ),
        (
            "optimize_images",
            '--without optimize_images: "optimize_images" is not a feature',
            'did you mean "response.optimize_images"?',
        ),
        ("x", '--without x: "x" is not a feature', "docs/edge-features.md lists all of them"),
        ("caching.max_age", "--without caching.max_age: this edge has it", "remove the option"),
    ],
)
def test_a_wrong_name_to_do_without_is_reported(name: str, message: str, hint: str) -> None:
    """Also when no rule uses anything that is missing."""
    (found,) = unsupported(Router(), [name])
    assert (found.message, found.hint, found.code) == (message, hint, "edge-feature")
    assert [found] == unsupported(RuleSet.from_json([OPTIMIZED]), [name, "response.optimize_images"])


def test_the_example_is_served_whole() -> None:
    """Whoever starts with it is reported no error."""
    assert unsupported(load(EXAMPLE).rule_set) == []
