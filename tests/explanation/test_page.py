"""The page: the answers first, every value with its line, and JSON with the same content."""

from __future__ import annotations

import re

import pytest

from prefetchrouter import Request, Router, explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.http.message import Response
from prefetchrouter.report.table import Style
from prefetchrouter.rules.typed.sections import ResponseDict, UrlDict

SHOP = (
    Router()
    .match("/:path*", caching={"max_age": "5m"}, origin={"set_origin": "web"})
    .get("/pages/:id", caching={"max_age": "15m", "client_max_age": "15m", "service_worker_max_age": "1h"})
    .match({"path": "/pages/:id", "cookies": {"session": "1"}}, caching={"bypass_cache": False})
    .catch(404, caching={"max_age": {"404": "1m"}})
)

FIREFOX = "link prefetch, Firefox "
LINE = SHOP.rules[1].source
UNTIL = f"fresh until 15 min, set at {LINE}"
WORKER = f"within 1 h of the prefetch, set at {LINE}"
MADE_HERE: ResponseDict = {"set_done": True, "set_status_code": 410, "set_response_body": "Gone"}
REDIRECTED: UrlDict = {"url_redirect": {"code": 301, "source": "^/a$", "destination": "/b"}}
REWRITTEN: UrlDict = {"url_rewrite": [{"source": "/a", "destination": "/b", "syntax": "path-to-regexp"}]}


def page(request: Request, **options: float) -> str:
    return explanation_text(explain(SHOP, request, **options))  # type: ignore[arg-type]


def test_the_first_line_is_the_request_and_the_second_says_whether_it_is_prefetched() -> None:
    """A reader in a hurry stops there."""
    lines = page(Request("/pages/1")).splitlines()
    assert lines[0] == "GET /pages/1"
    assert lines[2].startswith("Prefetched?  yes: max_age 15m (")


@pytest.mark.parametrize(
    "edge_age, click, row",
    [
        (0, 600, f"{FIREFOX}  yes   15 min    33.3 %  10 min old by then, {UNTIL}"),
        (840, 600, f"{FIREFOX}  no    60 s      33.3 %  24 min old by then, {UNTIL}"),
        (840, 600, f"service worker store     yes   1 h       100 %   {WORKER}"),
        (840, 30, "Speculation Rules        yes   5 min     100 %   within 5 min of the prefetch"),
    ],
)
def test_will_this_prefetch_still_be_good_in_ten_minutes(edge_age: float, click: float, row: str) -> None:
    """One row for each mechanism, near the top."""
    head = page(Request("/pages/1"), edge_age=edge_age, click=click).splitlines()[4:12]
    assert f"  {row}" in head


def test_what_matches_without_helping_is_named_at_once() -> None:
    """So that the answer has a line also where something is missing."""
    lines = page(Request("/x")).splitlines()
    assert lines[2] == "Prefetched?  no: no matching rule sets caching.service_worker_max_age"
    assert lines[3] == f"  matching: {SHOP.rules[0].source}"


def test_every_value_has_its_line_and_what_it_overrode() -> None:
    """The later rule wins; the earlier one is named."""
    text = page(Request("/pages/1"))
    first, second = SHOP.rules[0].source, SHOP.rules[1].source
    assert f"caching.max_age.200             15m  {second}\n    overrides 5m, {first}" in text


def test_a_condition_on_the_response_waits_for_one() -> None:
    """And says how to give it."""
    assert "status code matches regex ^404$; depends on the response (pass --status)" in page(
        Request("/pages/1")
    )


def test_a_condition_on_the_response_is_decided_with_one() -> None:
    """The rule is marked."""
    text = page(Request("/pages/1", response=Response(404)))
    assert "by the response" in text
    assert "waits for a response" not in text


def test_the_manifests_view_says_what_was_left_out() -> None:
    """For the rules that concern the URL."""
    text = page(Request("/pages/1", cookies={"session": "1"}))
    assert 'condition on request.cookie "session" is not known in the browser' in text
    assert "Browsers reach the same decision as the rules." in text


def test_the_manifests_view_leaves_out_other_rules_of_the_same_line() -> None:
    """A loop writes them all on one."""
    router = Router()
    for text in ("^/a/", "^/b/", "^/c/"):
        router.match(re.compile(text), caching={"max_age": "1h"})
    assert [found.rule for found in explain(router, Request("/b/1")).manifest] == [router.rules[1]]


def test_what_the_edge_does_with_an_uncached_prefetch_is_reported() -> None:
    """Refused, unless a rule allows it."""
    allowing = Router().match("/a", response={"allow_prefetching_uncached_content": True})
    assert "a prefetch is refused with 412" in page(Request("/pages/1"))
    assert "a prefetch goes to the origin (" in explanation_text(explain(allowing, Request("/a")))


@pytest.mark.parametrize(
    "router, words",
    [
        (Router().match("/a", url=REDIRECTED), "redirect 301 to /b"),
        (Router().match("/a", response=MADE_HERE), "synthetic status 410, 4 bytes of body"),
        (Router().match("/a", url=REWRITTEN), "origin path /b"),
        (Router().match("/a", access={"deny_access": True}), "synthetic status 403"),
    ],
)
def test_where_a_request_ends_up_is_reported(router: Router, words: str) -> None:
    """Redirects, rewrites and answers made at the edge."""
    assert words in " ".join(explanation_text(explain(router, Request("/a"))).split())


def test_a_client_sees_the_age_of_the_copy() -> None:
    """First among the headers."""
    found = explain(SHOP, Request("/pages/1"), edge_age=840)
    assert found.client_headers[0] == ("age", "840")


def test_the_assumption_about_the_origin_is_reported() -> None:
    """Where no rule sets Cache-Control."""
    assert "give it with --response-header" in page(Request("/x"))


def test_an_age_that_no_copy_reaches_is_reported() -> None:
    """The edge has given it up by then."""
    assert "no stored response gets 2 h old: the edge keeps it for 15 min" in page(
        Request("/pages/1"), edge_age=7200
    )


def test_content_older_than_accepted_is_a_finding() -> None:
    """With its code."""
    assert "[freshness/too-old]" in page(Request("/pages/1"), most_age=60)


def test_colour_changes_nothing_but_colour() -> None:
    """Without the escapes both pages are the same."""
    found = explain(SHOP, Request("/pages/1"), edge_age=840, click=600)
    coloured = explanation_text(found, Style(enabled=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == explanation_text(found)


def test_lines_are_wrapped_where_there_is_a_width() -> None:
    """Nothing is lost, and the sections stay."""
    found = explain(SHOP, Request("/pages/1"), edge_age=840, click=600, most_age=60)
    narrow = explanation_text(found, width=72)
    assert max(map(len, narrow.splitlines())) <= 72
    assert narrow.split() == explanation_text(found).split()


def test_the_data_has_the_same_sections() -> None:
    """In one stable order."""
    data = explanation_data(explain(SHOP, Request("/pages/1"), edge_age=840, click=600))
    assert list(data) == [
        "request", "prefetched", "click", "browser", "speculation",
            "advice", "rules", "not_decided", "values", "manifest", "edge",
        "headers", "freshness", "assumed",
    ]  # fmt: skip


def test_the_data_answers_the_same_questions() -> None:
    """Whether, why, and for how long."""
    data = explanation_data(explain(SHOP, Request("/pages/1"), edge_age=840, click=600))
    firefox = data["click"]["mechanisms"][0]
    assert (data["prefetched"]["by_browsers"], data["prefetched"]["by_rules"]) == (True, True)
    assert (firefox["name"], firefox["used"], firefox["seconds_left"]) == ("firefox-link", False, 60.0)
    assert data["values"][0]["line"] == str(SHOP.rules[1].source)


def test_a_folded_page_has_what_decides_and_names_the_rest() -> None:
    """The answer first; what seldom decides is one option away."""
    found = explain(SHOP, Request("/pages/1"))
    full, folded, short = (
        explanation_text(found, detail=detail).split("\n\n") for detail in ("full", "folded", "short")
    )
    assert [section for section in full if section in folded] == folded[:-1]
    assert [section for section in full if section in short] == short[:-1]
    titles = [section.split("\n")[0] for section in short]
    assert titles[1].startswith("Prefetched?")
    assert "Values" in titles
    assert folded[-1] == "--full shows more: in the manifest, what a client sees, how old it gets"
    assert short[-1].startswith("--full shows more: prefetched now, what to change, in the manifest")
    assert sum(section.count("\n") for section in short) < 25


def test_a_folded_page_shows_the_manifest_where_browsers_decide_otherwise() -> None:
    """That is the reason then."""
    router = Router().match(
        {"path": "/a", "headers": {"x-a": "1"}}, caching={"max_age": "1h", "service_worker_max_age": "1h"}
    )
    found = explain(router, Request("/a"))
    assert not found.verdict.agrees
    assert "In the manifest" in explanation_text(found, detail="folded")
