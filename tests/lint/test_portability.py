"""`lint` for chosen targets and vendors."""

from __future__ import annotations

from typing import get_args

import pytest

from prefetchrouter import Host, Location, Origin, Property, Router, RuleSet, evaluate
from prefetchrouter.errors import CheckError, TargetError
from prefetchrouter.lint import Finding, lint
from prefetchrouter.lint.vendor_limits import VENDORS, Counted, VendorLimit
from prefetchrouter.output.building import build


def limits(router: Router | RuleSet, vendor: str) -> list[Finding]:
    """What is over a limit of a vendor."""
    found = lint(router, vendors=[vendor])
    return [each for each in found if each.diagnostic.code == "lint/vendor-limit"]


def test_a_target_reports_in_lint_what_it_reports_in_a_build() -> None:
    """The printers' own findings, too; each with a request that gets to the line."""
    router = (
        Router()
        .match("/a/:id", client={"quic": True})
        .match({"path": "/b", "location": {"country": "DE"}}, caching={"max_age": "1h"})
    )
    for target in ("varnish", "nginx", "worker"):
        warnings = build(router, targets=target, unsupported="warn").warnings
        # Where a site runs is not a matter of its rules.
        built = {str(found) for found in warnings if found.code != "no-origin-address"}
        found = [
            each
            for each in lint(router, targets=[target])
            if each.diagnostic.code in ("unsupported", "approximate")
        ]
        assert {str(each.diagnostic) for each in found} == built
        for each in found:
            assert each.witness is not None
            assert str(each.diagnostic.source) in evaluate(router, each.witness).lines


def test_without_a_target_nothing_is_said_of_targets() -> None:
    """Rules for one vendor need not be portable."""
    assert lint(Router().match("/a/:id", client={"quic": True})) == ()


def test_unknown_names_are_refused() -> None:
    """With a proposal."""
    with pytest.raises(TargetError, match="varnish"):
        lint(Router(), targets=["varnis"])
    with pytest.raises(CheckError, match="cloudflare"):
        lint(Router(), vendors=["cloudflar"])


BEYOND: dict[str, list[tuple[str, Router | RuleSet]]] = {
    "edgio": [
        (
            "condition",
            Router().match({"path": "/a", "headers": {f"x-{n}": "1" for n in range(28)}}, comment="a"),
        ),
        ("status code 303", Router().match("/a", lambda route: route.redirect("/b", 303))),
        ("status code 103", Router().match("/a", caching={"max_age": {"103": "1h"}})),
        (
            "groups",
            Router().match("/a", url={"url_redirect": {"source": "(a)" * 10, "destination": "/$10"}}),
        ),
        (
            "origins",
            RuleSet(
                rules=(),
                property=Property(
                    origins=[Origin(name=f"o{n}", hosts=["a.example.com"]) for n in range(101)]
                ),
            ),
        ),
        (
            "locations",
            RuleSet(
                rules=(),
                property=Property(origins=[Origin(name="web", hosts=[f"{n}.example.com" for n in range(5)])]),
            ),
        ),
        ("sort_query_params", Router().match("/a", caching={"cache_key": {"sort_query_params": True}})),
        ("request_body", Router().match("/a", caching={"cacheable_request_body_size": "100B"})),
        ("request_body", Router().match("/a", caching={"cacheable_request_body_size": "101MiB"})),
        (
            "(web: weight, balancer)",
            RuleSet(
                rules=(),
                property=Property(
                    origins=[
                        Origin(
                            name="web",
                            hosts=[Host(location="a.example.com", weight=1)],
                            balancer="carp",
                        )
                    ]
                ),
            ),
        ),
        (
            "ports without a scheme",
            RuleSet(
                rules=(),
                property=Property(
                    origins=[
                        Origin(
                            name="web", hosts=[Host(location=[Location(hostname="a.example.com", port=8080)])]
                        )
                    ]
                ),
            ),
        ),
        ("61 seconds", Router().match("/a", origin={"read_idle_timeout": 60.5})),
        (
            "for the cache key in one rule",
            Router().match(
                "/a",
                caching={
                    "cache_key": {"include_headers": ["x"]},
                    "cache_key_query_string": {"exclude_all": True},
                },
            ),
        ),
        ("token key", Router().match("/a", access={"token_auth_keys": {"primary": "k" * 251}})),
        ("(x.a)", Router().match("/a", headers={"set_response_headers": {"x.a": "1"}})),
    ],
    "cloudflare": [
        ("in a URL", Router().match("/a", lambda route: route.redirect("/" + "b" * 17_000))),
        (
            "headers",
            Router().match(
                "/a",
                headers={"set_response_headers": {f"x-{n}": "y" * 1000 for n in range(140)}},
            ),
        ),
        ("in a tag", Router().match("/a", caching={"purge_tags": ["x" * 1025]})),
        ("in the tags", Router().match("/a", caching={"purge_tags": ["x" * 1024 * 2] * 9})),
    ],
}


@pytest.mark.parametrize("vendor, what, rules", [(v, *each) for v in sorted(BEYOND) for each in BEYOND[v]])
def test_what_is_over_a_limit_is_found(vendor: str, what: str, rules: Router | RuleSet) -> None:
    """With the line and a request, where it is about a rule."""
    found = [each for each in limits(rules, vendor) if what in each.diagnostic.message]
    assert len(found) == 1
    assert (found[0].witness is None) == isinstance(rules, RuleSet)


def test_a_worker_that_is_too_large_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured on the module that would be deployed, against a limit that it exceeds."""
    router = Router().match("/a", caching={"max_age": "1h"})
    [module] = [file for file in build(router, targets="worker").files if file.path == "worker/worker.js"]
    limit = VendorLimit("worker-bytes", "bytes", "a test", most=module.gzipped_bytes - 1)
    monkeypatch.setitem(VENDORS, "cloudflare", (limit,))
    [found] = limits(router, "cloudflare")
    assert found.diagnostic.message == (
        f"{module.gzipped_bytes:,} bytes: cloudflare allows {module.gzipped_bytes - 1:,} (a test)"
    )


def test_rules_within_all_limits_are_quiet() -> None:
    """Just at a limit, too."""
    router = (
        Router()
        .match({"path": "/a", "headers": {f"x-{n}": "1" for n in range(27)}}, comment="a")
        .match("/b", lambda route: route.redirect("/c", 308))
        .match("/d", caching={"purge_tags": ["x" * 1024], "max_age": {"404": "1m"}})
        .match("/e", caching={"cacheable_request_body_size": "1kB", "cache_key": {"include_headers": ["x"]}})
        .match("/f", caching={"cacheable_request_body_size": "100MiB"}, origin={"read_idle_timeout": 60})
        .match("/g", access={"token_auth_keys": {"primary": "k" * 250}})
    )
    for vendor in VENDORS:
        assert limits(router, vendor) == []


def test_every_limit_has_a_source_and_every_count_a_limit() -> None:
    """Nothing is counted that no vendor limits."""
    rows = [limit for vendor in VENDORS.values() for limit in vendor]
    assert all(limit.source for limit in rows)
    assert {limit.counted for limit in rows} == set(get_args(Counted))
