"""``prefetchrouter explain``: its options, its output, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from prefetchrouter.cli import main
from prefetchrouter.cli.explain import MECHANISMS as OFFERED
from prefetchrouter.freshness import MECHANISMS

ROUTES = """\
from prefetchrouter import Router

router = (
    Router()
    .get("/pages/:id", caching={"max_age": "15m", "client_max_age": "15m", "service_worker_max_age": "1h"})
    .match({"path": "/vip", "headers": {"x-tier": "gold"}, "cookies": {"in": "1"}}, caching={"max_age": "1m"})
    .match({"path": "/vip", "location": {"country": "DE"}}, caching={"service_worker_max_age": "1m"})
)
"""


@pytest.fixture(autouse=True)
def routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    file = tmp_path / "routes.py"
    file.write_text(ROUTES, encoding="utf-8")
    return file


def data(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["explain", *words, "--format", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_page_answers_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Is it prefetched, and will it still be good in ten minutes, in Firefox?"""
    assert main(["explain", "/pages/1", "--at", "840", "--click", "600"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == (
        "Prefetched?  yes: max_age 15m (routes.py:5), service_worker_max_age 1h (routes.py:5)"
    )
    assert lines[6].split()[:6] == ["link", "prefetch,", "Firefox", "no", "60", "s"]


def test_another_file_can_be_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """After the URL."""
    (tmp_path / "other.py").write_text(
        "from prefetchrouter import Router\nrouter = Router()\n", encoding="utf-8"
    )
    assert main(["explain", "/pages/1", "other.py"]) == 0
    assert "no: no rule matches" in capsys.readouterr().out


def test_headers_cookies_and_facts_decide(capsys: pytest.CaptureFixture[str]) -> None:
    """Each of the request's options reaches the rules."""
    words = ["--header", "X-Tier: gold", "--cookie", "in=1", "--fact", "location.country=DE"]
    found = data(capsys, "/vip", *words)
    assert [rule["line"] for rule in found["rules"]] == ["routes.py:6", "routes.py:7"]  # type: ignore[attr-defined]


def test_an_unknown_fact_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    """With the line that asks for it."""
    found = data(capsys, "/vip", "--unknown", "location.country")
    assert [item["line"] for item in found["not_decided"]] == ["routes.py:7"]  # type: ignore[attr-defined]


def test_the_origins_answer_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """Its status and headers."""
    words = ["--status", "404", "--response-header", "Cache-Control: max-age=60", "--method", "get"]
    found = data(capsys, "/x", *words)
    assert found["edge"]["status"] == 404  # type: ignore[index]
    assert found["freshness"]["lifetime"] == 60  # type: ignore[index]


def test_other_mechanisms_can_be_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of older browsers, for explanation."""
    found = data(capsys, "/pages/1", "--mechanism", "chromium-link-age-bug", "--mechanism", "fetch")
    names = [mechanism["name"] for mechanism in found["click"]["mechanisms"]]  # type: ignore[index]
    assert names == ["chromium-link-age-bug", "fetch"]


def test_every_mechanism_is_offered() -> None:
    """The command's list, which loads nothing, is complete."""
    assert sorted(OFFERED) == sorted(MECHANISMS)


def test_a_worker_that_subtracts_the_age_has_less_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Rule T1."""
    found = data(capsys, "/pages/1", "--mechanism", "service-worker", "--worker-subtracts-age", "--at", "840")
    assert found["click"]["mechanisms"][0]["seconds_left"] == 3600 - 840  # type: ignore[index]


def test_the_oldest_acceptable_content_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """More is a finding, and the exit code stays 0."""
    found = data(capsys, "/pages/1", "--most-age", "60")
    assert "freshness/too-old" in [finding["code"] for finding in found["advice"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "words, message",
    [
        (["foo"], '"foo" is not a URL'),
        (["/a", "--header", "novalue"], '--header "novalue" [request]'),
        (["/a", "--cookie", "=x"], '--cookie "=x" [request]'),
        (["/a", "--fact", "location.contry=DE"], "location.contry"),
        (["/a", "--unknown", "nothing"], "nothing"),
        (["/a", "--at", "-1"], "the age at the edge: -1.0 is not a length of time"),
        (["/a", "--status", "99"], "99 is not a status code"),
        (["/a", "missing.py"], "missing.py: there is no such file"),
    ],
)
def test_what_cannot_be_asked_is_exit_code_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a coded error that says what is wrong."""
    assert main(["explain", *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--at", "soon"], ["--status", "ok"], ["--mechanism", "pigeon"], ["--click"], ["--click", "nan"]],
)
def test_wrong_options_are_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Told by the parser, with the usage."""
    with pytest.raises(SystemExit) as stop:
        main(["explain", "/a", *words])
    assert stop.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_rules_that_are_wrong_are_exit_code_2(routes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing can be explained then; each problem is reported with its line."""
    routes.write_text(ROUTES.replace('"15m"', '"15 minutes"'), encoding="utf-8")
    assert main(["explain", "/pages/1"]) == 2
    assert capsys.readouterr().err.count("routes.py:5: error:") == 2


def test_the_page_has_no_colour_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Colour is for terminals."""
    main(["explain", "/pages/1"])
    assert "\x1b" not in capsys.readouterr().out


def test_a_header_that_is_given_twice_means_both(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Of the request they are joined, of the response each is kept."""
    other = tmp_path / "other.py"
    other.write_text(
        "from prefetchrouter import Router\n"
        "router = Router().match({'path': '/a', 'headers': {'x-tier': 'a, b'}}, comment='both')\n",
        encoding="utf-8",
    )
    words = ["--header", "X-Tier: a", "--header", "x-tier: b"]
    answers = ["--response-header", "set-cookie: a=1", "--response-header", "set-cookie: b=2"]
    assert main(["explain", "/a", str(other), *words, *answers, "--full"]) == 0
    printed = capsys.readouterr().out
    assert "both" in printed
    assert "a=1" in printed
    assert "b=2" in printed
