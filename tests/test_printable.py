"""Whatever a text holds, every printer shows it as part of one line, and none fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.exchanges import exchange, origin_request
from edge.pages.asking import Site, view
from prefetchrouter import Evaluator, Request, Router, Source
from prefetchrouter.authoring.loader import Routes
from prefetchrouter.edge.logging.entry_data import entry_json
from prefetchrouter.edge.logging.lines import reload_failed_text, reloaded_line, request_line
from prefetchrouter.edge.logging.request_log import LogEntry
from prefetchrouter.errors import Diagnostic, PrefetchRouterError
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.http.message import Response
from prefetchrouter.output.building import build
from prefetchrouter.printable import printable
from prefetchrouter.report.build_report import build_json, build_text, check_text
from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
from prefetchrouter.report.json_text import json_text
from prefetchrouter.report.table import Style, table
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.testing.answer import Answer

LONG = "stands for 100 kB"
NASTY = [
    "User-agent: *\nDisallow: /\n",
    "a\r\nb\x0bc\x0cd\x1ce\x85f\u2028g\u2029h",
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    "\u202e\u200f\u200bmirror",
    "half \ud800 pair",
    "\x00\x7f\t",
    "",
    " ",
    LONG,
    "\n" * 1000,
    "広い" * 300,
    "e\u0301\u0300" * 50,
    "{{ 7*7 }} %s {0} <b>",
]
PLAIN = Style(enabled=False)
ANSI = re.compile(r"\x1b\[[0-9]+m")
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=30),
    st.lists(
        st.sampled_from(["\n", "\r", "\x1b[31m", "\u2028", "\ud800", "\u202e", "a", " ", "\x00"]), max_size=8
    ).map("".join),
)


def whole(text: str) -> str:
    """Return the text that is meant; what a failure shows stays short."""
    return "x" * 100_000 if text == LONG else text


def check_lines(text: str, *, most: int = 5000) -> None:
    """Only our own line breaks are there, nothing else that is not printable, and no line without end."""
    for line in ANSI.sub("", text).split("\n"):
        assert line.isprintable(), ascii(line)
        assert len(line) < most, len(line)


def router_with(text: str) -> Router:
    """Return rules with a text in each place that takes it, as far as it takes this one."""
    router = Router().match("/a", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    steps: list[Callable[[], object]] = [
        lambda: router.match("/a", response={"set_response_body": text, "set_status_code": 200}),
        lambda: router.match("/a", lambda route: route.send(text, 200)),
        lambda: router.match("/a", comment=text),
        lambda: router.match("/a", headers={"set_response_headers": {"x-text": text}}),
        lambda: router.match("/a", headers={"set_request_headers": {"x-text": text}}),
        lambda: router.match("/a", origin={"set_origin": text}),
        lambda: router.match({"path": "/a", "headers": {"x-a": text}}, caching={"max_age": "2h"}),
        lambda: router.match({"path": "/a", "cookies": {"c": text}}, caching={"bypass_cache": True}),
        lambda: router.match({"path": "/a", "query": {"q": text}}, caching={"max_age": "3h"}),
        lambda: router.match({"path": "/a", "headers": {"x-a": re.compile(re.escape(text))}}, comment="x"),
        lambda: router.match(text, caching={"max_age": "1h"}),
        lambda: router.match("/b", lambda route: route.redirect(text, 301)),
        lambda: router.match("/a", lambda route: route.set_response_header("x-other", text)),
        lambda: router.match("/a", caching={"cache_key": {"include_headers": [text]}}),
        lambda: router.match("/a", lambda route: route.update_path(text)),
    ]
    for step in steps:
        before = router.rules
        try:
            step()
            RuleSet(rules=router.rules)
        except PrefetchRouterError as error:
            check_lines(diagnostics_text(error.diagnostics, PLAIN))
            check_lines(str(error))
            assert router.rules == before
    return router


@given(texts)
def test_every_text_of_a_rule_survives_every_printer(text: str) -> None:
    text = whole(text)
    router = router_with(text)
    rules = RuleSet(rules=router.rules)
    routes = Routes(Path("routes.py"), rules, ())
    made = build(rules)
    for style, width in ((PLAIN, None), (Style(enabled=True), 80)):
        check_lines(build_text(routes, made, "dist", style, width))
        for url in ("/a", "/b"):
            found = explain(rules, Request(url))
            check_lines(explanation_text(found, style, width))
            json.dumps(explanation_data(found), allow_nan=False)
    json.loads(json_text(build_json(routes, made)), parse_constant=pytest.fail)
    answer = Answer(Evaluator(router), Request("/a"))
    check_lines(answer.explanation())
    check_lines(repr(answer.is_prefetchable()))
    check_lines(repr(answer.redirects_to(text)))


@given(texts)
def test_every_text_from_outside_survives_every_printer(text: str) -> None:
    text = whole(text)
    rules = RuleSet(rules=router_with("plain").rules)
    facts = {"location.country": text}
    try:
        request = Request(
            "/a", headers={"x-a": text}, cookies={"c": text}, facts=facts,
            response=Response(200, {"vary": text, "cache-control": text, "location": text, "x-b": text}),
        )  # fmt: skip
        page = explanation_text(explain(rules, request), Style(enabled=True), 100)
        check_lines(page)
    except PrefetchRouterError as error:
        check_lines(diagnostics_text(error.diagnostics, PLAIN))
    causes: list[Callable[[], Request]] = [
        lambda: Request(text),
        lambda: Request("/a", method=text),
        lambda: Request(f"/a?{text}"),
    ]
    for cause in causes:
        try:
            check_lines(explanation_text(explain(rules, cause())))
        except PrefetchRouterError as error:
            check_lines(diagnostics_text(error.diagnostics, PLAIN))
            check_lines(str(error))
    check_lines(table([[text, "a"], ["b", text]]), most=2_000_000)
    check_lines(
        diagnostics_text([Diagnostic("size", text, Source(text[:500], 1), expected=text, hint=text)], PLAIN),
        most=20_000,
    )
    check_lines(check_text((), [text], "dist", PLAIN), most=2_000_000)
    json.dumps(diagnostics_json([Diagnostic("size", text, Source(text, 1))]))


@given(texts)
def test_every_text_of_a_client_survives_terminal_and_pages(text: str) -> None:
    text = whole(text)
    told: dict[str, Any] = {
        "reason": text,
        "key": text,
        "rules": (f"{text}:1", text),
        "origin_calls": [text],
        "prefetch": "refused",
    }
    for path in (f"/{text}", text):
        one = exchange(
            path,
            query=text,
            method=text,
            host=text,
            cache="refused",
            asked={"x": text},
            sent={"y": text},
            **told,
        )
        for width in (None, 60, 80, 200):
            check_lines(request_line(one, PLAIN, width), most=2_000_000)
        json.loads(entry_json(LogEntry(1, one)))
        site = Site(one, copies=(view(key=(text,), vary=((text, text),)),))
        site.request_log.note_origin(origin_request(url=text, origin=text, method=text, failure=text))
        for page in ("requests", "cache", "origin", "requests/1"):
            for line in site.html(page).source.split("\n"):
                assert line.isprintable(), ascii(line[:300])
        site.json("requests/1.json")
    check_lines(reloaded_line(text, 1), most=2_000_000)
    check_lines(reload_failed_text(text, [Diagnostic("size", text)]), most=2_000_000)


@pytest.mark.parametrize("text", NASTY)
def test_what_is_printable_is_one_line_and_printing_it_again_changes_nothing(text: str) -> None:
    once = printable(text)
    assert once.isprintable()
    assert printable(once) == once


def test_a_long_text_is_cut_with_its_length() -> None:
    assert printable("ab" * 5000, 5) == "ababa… (10,000 characters)"
    assert printable("\n" * 4, 3) == r"\n\n\n… (4 characters)"
    assert printable("\n" * 3, 3) == r"\n\n\n"
