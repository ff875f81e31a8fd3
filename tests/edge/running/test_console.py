"""What `serve` prints, as text and as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from prefetchrouter import Origin, Property, Router, RuleSet
from prefetchrouter.edge.logging.exchange import Exchange
from prefetchrouter.edge.logging.request_log import RequestLog
from prefetchrouter.edge.request_trace import RequestTrace
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.edge.running.console import ConsoleReporter
from prefetchrouter.edge.running.settings import EXAMPLE_SITE, ServeSettings
from prefetchrouter.errors import Diagnostic
from prefetchrouter.http.message import HeaderFields

SHOP = RuleSet(
    rules=Router().always(origin={"set_origin": "web"}).rules,
    property=Property(origins=[Origin(name="web", hosts=["web.example"])], hostnames=["shop.example"]),
)
WRONG = Diagnostic("duration", '"1hr" is not a duration')


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


class Told:
    """A reporter, and what it printed."""

    def __init__(self, **settings: Any) -> None:
        self._out = io.StringIO()
        self.reporter = ConsoleReporter(ServeSettings(**settings), self._out)

    def text(self) -> str:
        self.reporter.close()
        return self._out.getvalue()

    def events(self) -> list[Any]:
        return [json.loads(line) for line in self.text().splitlines()]


def start(rules: RuleSet = SHOP, **settings: Any) -> str:
    told = Told(**settings)
    told.reporter.serving(8080, rules, 1, 8081 if settings.get("pages") else None)
    return told.text()


def test_the_start_says_where_what_is_served() -> None:
    """Address, rules, origins, the page of requests, and what to do."""
    assert start() == (
        "http://localhost:8080 is ready\n"
        "  rules     routes.py: 1 rule, 1 in the manifest\n"
        "  origin    web: web.example\n"
        "  site      rules see https://shop.example for this address\n"
        "  requests  start with --pages to see each request in your browser\n"
        "Open the address in a browser and follow its links. Ctrl+C ends.\n"
        "\n"
    )


def test_the_start_says_where_the_pages_and_the_log_are() -> None:
    said = start(pages=True, access_log=Path("access.log"))
    assert "  requests  http://localhost:8081/__edgio__/requests\n" in said
    assert "  log       access.log\n" in said


def test_folders_and_the_example_are_reported_as_such(folder: Path) -> None:
    """Not by the place where the example is installed."""
    (folder / "public").mkdir()
    assert "  origin    web: public/\n" in start(origins={"": "public"})
    assert "  origin    web: the example shop\n" in start(origins={"": str(EXAMPLE_SITE)})


def test_the_only_origin_needs_no_name() -> None:
    """What no rule names has none."""
    assert "  origin    http://localhost:3000\n" in start(
        RuleSet(rules=()), origins={"": "http://localhost:3000"}
    )


@pytest.mark.parametrize(
    "listen, is_open",
    [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("localhost", False), ("::1", False)],
)
def test_listening_to_the_network_is_reported_with_its_meaning(listen: str, is_open: bool) -> None:
    """Others can ask the origins; the pages are for this machine."""
    assert (
        "network   anyone who reaches this machine can send requests to your origins" in start(listen=listen)
    ) is is_open


def test_https_names_the_authority_that_a_browser_has_to_trust() -> None:
    """Unless the certificate is the user's own."""
    made = start(https=True)
    assert made.startswith("https://localhost:8080 is ready")
    assert "authority.pem" in made
    assert "authority.pem" not in start(https=True, certificate=Path("own.pem"))


def test_rules_that_see_another_scheme_are_reported() -> None:
    """Where they do not see another host as well."""
    plain = RuleSet(rules=())
    assert "rules see the scheme https" in start(plain, origins={"": "."})
    assert "told" not in start(plain, origins={"": "."}, scheme="http")


def entries(quiet: bool, form: str) -> Told:
    told = Told(quiet=quiet, form=form)
    request_log = RequestLog()
    for path, cache in (("/pages/1", "miss"), ("/__edgio__/requests", "internal")):
        request = EdgeRequest("GET", "https", "shop.example", path)
        trace = RequestTrace(cache=cache)  # type: ignore[arg-type]
        exchange = Exchange(0, request, 200, HeaderFields(), trace, 0.1, 10, "whole")
        told.reporter.request(request_log.note(exchange))
    return told


def test_each_request_is_a_line() -> None:
    """And none when quiet."""
    line, other = entries(False, "text").text().splitlines()
    assert other.split() == ["GET", "/__edgio__/requests", "200", "internal"]
    assert line.split()[:4] == ["GET", "/pages/1", "200", "miss"]
    assert [event["cache"] for event in entries(False, "json").events()] == ["miss", "internal"]
    assert entries(True, "text").text() == ""


def test_events_are_reported_as_text() -> None:
    """Changed rules, wrong ones, warnings, slow ones, the end."""
    told = Told()
    told.reporter.changed(3)
    told.reporter.wrong([WRONG])
    told.reporter.fixed()
    told.reporter.warned([])
    told.reporter.warned([Diagnostic("unlikely-value", "a year is long", severity="warning")])
    told.reporter.slow(3)
    told.reporter.unwatched("too many files")
    told.reporter.ending()
    told.reporter.ended(RequestLog().counters)
    assert told.text() == (
        "routes.py changed: 3 rules now\n"
        "routes.py is wrong; the old rules stay\n"
        'error: "1hr" is not a duration [duration]\n'
        "routes.py is valid again, and unchanged\n"
        "warning: a year is long [unlikely-value]\n"
        "routes.py is still running after 3 seconds\n"
        "routes.py cannot be watched for changes: too many files\n"
        "Finishing open requests. Ctrl+C again aborts them.\n"
        "\nno requests\n"
    )


def test_events_are_reported_as_json() -> None:
    """One line each, with its name."""
    told = Told(form="json")
    told.reporter.serving(8080, SHOP, 1)
    told.reporter.changed(3)
    told.reporter.wrong([WRONG])
    told.reporter.fixed()
    told.reporter.warned([WRONG])
    told.reporter.slow(3)
    told.reporter.unwatched("too many files")
    told.reporter.ending()
    told.reporter.ended(RequestLog().counters)
    events = told.events()
    assert [event["event"] for event in events] == [
        "serving", "changed", "wrong", "fixed", "warned", "slow", "unwatched", "ended",
    ]  # fmt: skip
    assert events[0] == {
        "event": "serving",
        "address": "http://localhost:8080",
        "port": 8080,
        "rules": 1,
        "manifest_rules": 1,
        "origins": {"web": "web.example"},
        "requests": None,
        "inject": False,
        "warm": False,
    }
    assert events[2]["errors"][0]["code"] == "duration"
    assert events[-1]["counters"]["requests"] == 0
