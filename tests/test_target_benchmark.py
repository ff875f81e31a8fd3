"""The benchmark of the targets reads its load generator, judges its bars, and prints its table."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from prefetchrouter import Request, build, evaluate
from prefetchrouter.targets.worker.worker_parts import modules

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)


def module(name: str) -> ModuleType:
    return importlib.import_module(f"benchmarks.targets.{name}")


REPORT = """\
Running 1s test @ http://127.0.0.1:8080/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.05ms  317.92us   8.77ms   92.17%
    Req/Sec    30.57k     2.55k   33.31k    80.00%
  30414 requests in 1.00s, 10.15MB read
{more}Requests/sec:  30394.35
Transfer/sec:     10.14MB
"""


def test_a_report_of_wrk_is_read() -> None:
    """Also the lines that it prints only when something went wrong."""
    parsed = module("wrk").parsed
    assert parsed(REPORT.format(more="")) == (30394.35, 30414, 0, 0)
    more = "  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx or 3xx responses: 30400\n"
    assert parsed(REPORT.format(more=more)) == (30394.35, 30414, 30400, 7)
    with pytest.raises(ValueError, match="not a report of wrk"):
        parsed("unable to connect to 127.0.0.1:8080 Connection refused\n")


@pytest.fixture
def wrk_that_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of this name that prints what is in a file."""
    said = tmp_path / "said"
    program = tmp_path / "wrk"
    program.write_text(f"#!/bin/sh\ncat {said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return said


@pytest.mark.parametrize(
    ("more", "refused", "is_good"),
    [
        ("", False, True),
        ("  Non-2xx or 3xx responses: 1\n", False, False),
        ("  Non-2xx or 3xx responses: 30414\n", True, True),
        ("  Non-2xx or 3xx responses: 30413\n", True, False),
        ("  Socket errors: connect 0, read 1, write 0, timeout 0\n", False, False),
    ],
)
def test_a_rate_counts_only_with_the_right_responses(
    wrk_that_says: Path, more: str, refused: bool, is_good: bool
) -> None:
    """An edge that fails fast would look good."""
    wrk_that_says.write_text(REPORT.format(more=more))
    load = module("wrk").load
    if is_good:
        assert load(8080, "/", 1, "shop.example", refused=refused).a_second == 30394.35
    else:
        with pytest.raises(SystemExit, match="not as they have to be"):
            load(8080, "/", 1, "shop.example", refused=refused)


def test_a_bar_is_met_from_its_own_side() -> None:
    """Seconds at most, ratios at least, both as they are printed; a figure without a bar is never missed."""
    bars = module("bars")
    load, hits = bars.Bar("nginx", "load", 10, 4), bars.Bar("nginx", "hits", 10, 0.8)
    assert [load.met_by(figure) for figure in (3.9, 4.0, 4.004, 4.01)] == [True, True, True, False]
    assert [hits.met_by(figure) for figure in (0.9, 0.8, 0.796, 0.79)] == [True, True, True, False]
    assert bars.Bar("nginx", "build", 10).met_by(1e9)


def test_bars_are_chosen_by_engine_row_and_rules() -> None:
    """Each word narrows what is measured; a bar stands once in the table."""
    bars = module("bars")
    assert bars.chosen() == bars.BARS
    assert len(set(bars.BARS)) == len(bars.BARS)
    assert {bar.engine for bar in bars.chosen(["nginx"])} == {"nginx"}
    assert [bar.limit for bar in bars.chosen(["varnish"], ["hits"], [10, 1_000])] == [0.9, 0.8]
    assert bars.chosen(["varnish"], ["size"]) == ()


def test_the_table_has_each_figure_with_its_bar() -> None:
    """And a line for what is missed."""
    bars, printing = module("bars"), module("target_table")
    good, bad = bars.Bar("nginx", "load", 10_000, 4), bars.Bar("nginx", "hits", 10, 0.8)
    plain = bars.Bar("nginx", "build", 10)
    figures = {plain: 1.234, good: 3.0, bad: 0.5}
    assert printing.table(figures, {bad: "1 and 2 a second"})[2:] == [
        "| nginx | build | 10 | 1.23 CPU s |  |  |  |",
        "| nginx | load to first answer | 10,000 | 3.00 s | at most 4 | ok |  |",
        "| nginx | cached hits, of hand-written | 10 | 0.50 | at least 0.8 | MISSED | 1 and 2 a second |",
    ]
    assert printing.missed(figures) == ["nginx, 10 rules, cached hits, of hand-written: 0.50, at least 0.8"]


@pytest.mark.parametrize(("size", "code"), [(5_999, 0), (6_100, 1)])
def test_the_command_fails_when_a_bar_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], size: int, code: int
) -> None:
    """After the whole table, with a sentence."""
    command = module("__main__")
    monkeypatch.setattr(command, "runtime_kilobytes", lambda rules: size / 1000)
    assert command.main(["--row", "size", "--rules", "0"]) == code
    printed = capsys.readouterr().out
    assert f"| {size / 1000:.2f} kB | at most 6 | {'MISSED' if code else 'ok'} |" in printed
    assert ("Bars are missed: workerd, 0 rules" in printed) == bool(code)


def test_a_wrong_option_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, as other commands."""
    with pytest.raises(SystemExit, match="2"):
        module("__main__").options(["--engine", "squid"])
    assert "'nginx', 'node', 'varnish', 'workerd'" in capsys.readouterr().err


def test_the_equal_cases_are_those_that_no_list_names() -> None:
    """The tests of the cases fail when the list is wrong, so that it is the figure."""
    figures, bars = module("case_figures"), module("bars")
    assert figures.equal_share("embedded") == 1
    for bar in bars.chosen(rows=["cases"]):
        assert bar.limit <= figures.equal_share(bar.engine) <= 1


@pytest.mark.parametrize(
    ("by_cpu", "found", "other"), [(False, 0.5, "0.80 by CPU"), (True, 0.8, "0.50 by rate")]
)
def test_rates_are_compared_by_the_requested_figure(by_cpu: bool, found: float, other: str) -> None:
    """The other figure stands beside it."""
    running = module("running")
    ours, hand = running.Rates([50.0], [100.0]), running.Rates([100.0], [80.0])
    figure, note = running._compared(ours, hand, by_cpu=by_cpu)
    assert figure == found
    assert note == f"50 and 100 a second, 100.0 and 80.0 us of CPU; {other}"


def test_the_runtime_is_what_follows_the_data() -> None:
    """The rules of a site are not part of its size."""
    figures, rules = module("worker_figures"), module("rich_rules")
    texts = [
        next(file.text for file in build(router, targets="worker").files if file.path == "worker/worker.js")
        for router in (rules.rich_rules(3), rules.rich_rules(30))
    ]
    assert len({figures.runtime_of(text) for text in texts}) == 1
    assert figures.runtime_of(texts[0]).startswith(modules()[0].text)


@pytest.mark.parametrize("shape", ["spread", "shared"])
def test_the_page_that_is_asked_for_has_a_rule(shape: str) -> None:
    """Else the load would measure a miss."""
    rules = module("rich_rules")
    decision = evaluate(rules.rich_rules(10, shape), Request(rules.page_of(10, shape)))
    assert decision.response_headers()["x-shop"] == "s5"


@pytest.mark.parametrize("engine", ["varnish", "nginx", "workerd"])
def test_a_hand_written_configuration_is_ready_to_start(engine: str, tmp_path: Path) -> None:
    """Each names its port and the origin's, and leaves no placeholder."""
    cache = ROOT / "src/prefetchrouter/targets/worker/runtime/cache.js"
    command = module("hand_written").hand_written(engine, "program", tmp_path / "own", 8080, 9000, cache)
    texts = {path.name: path.read_text() for path in (tmp_path / "own").iterdir()}
    assert command[0] == "program"
    assert "8080" in " ".join([*command, *texts.values()])
    assert "9000" in "".join(texts.values())
    texts.pop("cache.js", None)
    assert "{{" not in "".join(texts.values())
    assert "{origin}" not in "".join(texts.values())
