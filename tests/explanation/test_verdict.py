"""Why is this page (not) prefetched? The first reason, with its line."""

from __future__ import annotations

import pytest

from prefetchrouter import Explanation, Request, Router, explain
from prefetchrouter.errors import FreshnessError
from prefetchrouter.report.table import Style
from prefetchrouter.rules.typed.sections import CachingDict
from prefetchrouter.source import Source

PREFETCHED: CachingDict = {"max_age": "1h", "service_worker_max_age": "10m"}
HERE = "test_verdict.py"
NONE = "no matching rule sets caching."
POST = "the method is POST: only GET is prefetched"


def lines(*sources: Source | None) -> list[int]:
    return [source.line for source in sources if source is not None]


def asked(router: Router, url: str = "/pages/1", **request: object) -> Explanation:
    return explain(router, Request(url, **request))  # type: ignore[arg-type]


def test_a_prefetched_page_names_the_lines_that_make_it_so() -> None:
    """Both lifetimes, each with its line."""
    found = asked(Router().get("/pages/:id", caching=PREFETCHED)).verdict
    assert found.prefetched
    assert found.reason.startswith("max_age 1h (")
    assert f"service_worker_max_age 10m ({found.reason.split('(')[1].split(')')[0]})" in found.reason
    assert HERE in found.reason


@pytest.mark.parametrize(
    "router, request_, reason",
    [
        (Router(), Request("/a"), "no rule matches"),
        (Router().get("/a", caching={"max_age": "1h"}), Request("/a"), f"{NONE}service_worker_max_age"),
        (Router().get("/a", caching={"service_worker_max_age": "1h"}), Request("/a"), f"{NONE}max_age"),
        (Router().match("/a", caching=PREFETCHED), Request("/a", "POST"), POST),
    ],
)
def test_the_first_reason_against_is_reported(router: Router, request_: Request, reason: str) -> None:
    """In the words of the decision."""
    found = explain(router, request_).verdict
    assert (found.prefetched, found.reason) == (False, reason)


def test_a_value_that_forbids_it_is_reported_with_its_line() -> None:
    """The line of the bypass, not of the rule that it overrides."""
    router = Router().get("/pages/:id", caching=PREFETCHED)
    router.match("/pages/1", caching={"bypass_cache": True})
    (source,) = lines(router.rules[1].source)
    assert asked(router).verdict.reason.endswith(f"{HERE}:{source})")


def test_a_hidden_rule_is_the_reason_although_the_rules_allow_it() -> None:
    """Browsers go by the manifest alone."""
    router = Router().get("/pages/:id", caching=PREFETCHED, comment="cache-manifest-ignore")
    found = asked(router)
    assert found.decision.prefetchable
    assert (found.verdict.prefetched, found.verdict.agrees) == (False, False)
    assert found.verdict.reason == "browsers go by the manifest alone: there no rule matches"


def test_only_the_rule_that_the_manifest_hides_is_blamed() -> None:
    """Another rule that is listed without a condition says nothing for this URL, here or there."""
    router = (
        Router()
        .if_({"path": "/shop", "location": {"country": "DE"}}, caching=PREFETCHED)
        .else_(headers={"server_timing_header": True})
        .get("/pages/:id", caching=PREFETCHED, comment="cache-manifest-ignore")
    )
    assert [str(omission) for omission in asked(router).differences] == [
        f'{router.rules[1].source}: hidden by "cache-manifest-ignore"'
    ]


def test_rules_that_a_loop_writes_on_one_line_are_blamed_one_by_one() -> None:
    """Another rule of that line says the same to browsers as here."""
    router = Router()
    hidden = "cache-manifest-ignore"
    bypass: CachingDict = {"bypass_cache": False}
    for path, caching, comment in (
        ("/:p*", bypass, "a"),
        ("/pages/1", PREFETCHED, hidden),
        ("/b", bypass, hidden),
    ):
        router.match(path, caching=caching, comment=comment)
    assert [omission.reason for omission in asked(router).differences] == ["comment"]


def test_nothing_is_blamed_where_browsers_decide_as_the_rules_do() -> None:
    """However much the manifest leaves out."""
    router = Router().get({"path": "/pages/:id", "cookies": {"member": "1"}}, caching=PREFETCHED)
    assert asked(router, cookies={"member": "1"}).differences == ()


def test_browsers_do_not_know_a_cookie_and_decide_otherwise() -> None:
    """A cookie would forbid it, which no manifest can say: so no one prefetches it."""
    router = Router().get("/pages/:id", caching=PREFETCHED)
    router.match({"path": "/pages/1", "cookies": {"session": "1"}}, caching={"bypass_cache": True})
    found = asked(router).verdict
    assert (found.prefetched, found.agrees) == (False, False)
    assert found.reason.startswith("browsers go by the manifest alone: there caching.bypass_cache is true (")


def test_browsers_prefetch_what_only_some_visitors_may() -> None:
    """The other way round: a cookie would be needed."""
    router = Router().match({"path": "/pages/:id", "cookies": {"member": "1"}}, caching=PREFETCHED)
    found = asked(router).verdict
    assert (found.prefetched, found.agrees) == (True, False)
    assert found.reason == (
        "browsers go by the manifest alone, but the rules say no for this request: no rule matches"
    )


def test_an_unknown_fact_that_would_turn_the_answer_is_named() -> None:
    """With the line that asks for it."""
    router = Router().match({"path": "/pages/:id", "location": {"country": "DE"}}, caching=PREFETCHED)
    (dependency,) = asked(router, unknown=("location.country",)).verdict.may_change
    assert dependency.endswith(": location.country")
    assert HERE in dependency


def test_a_redirect_is_not_prefetched() -> None:
    """The rules allow it, but it leads elsewhere, and the service worker stores no redirects."""
    router = Router().get("/pages/:id", caching=PREFETCHED)
    router.match(
        "/pages/:id", url={"url_redirect": {"code": 302, "source": "^/pages/1$", "destination": "/x"}}
    )
    found = asked(router).verdict
    assert not found.prefetched
    assert found.reason == "it is a redirect to /x: the service worker stores no redirects"
    assert found.cure == "link to where it leads"


@pytest.mark.parametrize(
    "edge_age, click", [(-1.0, 0.0), (0.0, -1.0), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_what_is_not_a_length_of_time_is_a_coded_error(edge_age: float, click: float) -> None:
    """For both numbers of seconds."""
    with pytest.raises(FreshnessError):
        explain(Router(), Request("/a"), edge_age=edge_age, click=click)


def test_colour_is_only_for_terminals() -> None:
    """A style that is off adds nothing."""
    assert Style(enabled=False)("no", "red") == "no"
