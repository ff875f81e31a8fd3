"""A benchmark with a bound fails when the bound is missed."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]


class Run(NamedTuple):
    """As the benchmark has it."""

    seconds: float
    mib: float


@pytest.mark.parametrize(
    ("now", "code"),
    [(Run(0.9, 50), 0), (Run(1.0, 50), 0), (Run(1.1, 50), 1), (Run(0.9, 60), 0), (Run(0.9, 61), 1)],
)
def test_a_build_over_its_bound_fails_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], now: Run, code: int
) -> None:
    """In time or in memory; the start alone has no bound."""
    monkeypatch.syspath_prepend(ROOT)
    build = importlib.import_module("benchmarks.build")
    monkeypatch.setattr(build, "installed", lambda folder: "then")
    monkeypatch.setattr(build, "PROGRAMS", {"one rule": "", "10,000 rules": ""})

    def built(version: object, routes: Path, report: str) -> Run:
        if routes.parent.name == "0":
            return Run(1, 50)
        return Run(2.5, 60) if version else now

    monkeypatch.setattr(build, "built", built)
    assert build.main(1) == code
    missed = "The bound is missed. These builds take more than 0.4 of the processor time of "
    said = capsys.readouterr().out.splitlines()[-1]
    assert (missed in said, said.endswith(": 10,000 rules, text; 10,000 rules, json.")) == (bool(code),) * 2


def test_the_table_of_findings_counts_programs_and_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """By people and by a generator; the findings of one check on their own."""
    calls = [{"m": "match", "args": [path, {"caching": {"max_age": "1h"}}]} for path in ("/p/new", "/p/:id")]
    records = [{"name": name, "program": calls} for name in ("guide/a", "generated/b", "generated/c")]
    lines = "\n".join(json.dumps(record) for record in records)
    (tmp_path / "programs.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.syspath_prepend(ROOT)
    findings = importlib.import_module("benchmarks.lint_findings")
    monkeypatch.setattr("sys.argv", ["", str(tmp_path)])
    findings.main()
    assert capsys.readouterr().out.splitlines()[0] == (
        "| code | of 1 programs by people | of 2 generated ones | findings |"
    )
    monkeypatch.setattr("sys.argv", ["", str(tmp_path), "--show", "lint/never-wins"])
    findings.main()
    shown = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in shown] == ["guide/a", "generated/b", "generated/c"]


def test_a_table_of_redirects_over_a_bound_fails_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each bound by itself; the figures are real ones of small tables otherwise."""
    monkeypatch.syspath_prepend(ROOT)
    redirects = importlib.import_module("benchmarks.redirects")
    assert redirects.measured(20).lines == 20
    good = redirects.Figures(2_000, 0.1, 0.1, 1.0, 20.0)
    for row, said in (
        (good, None),
        (good._replace(load_s=1.1), "2,000 lines load too slowly"),
        (good._replace(lint_s=3.1), "linting 2,000 lines"),
    ):
        monkeypatch.setattr(redirects, "measured", lambda lines, row=row: row)
        assert redirects.main() == (said is not None)
        assert (said or "| 2,000 |") in capsys.readouterr().out


def test_a_review_over_a_bound_fails_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each bound by itself; the figures are real ones of few rules otherwise."""
    monkeypatch.syspath_prepend(ROOT)
    review = importlib.import_module("benchmarks.review")
    assert review.measured(20).rules == 20
    few = review.Figures(2_000, 1.0, 1.0, 1.0, 9.0)
    many = review.Figures(10_000, 5.0, 5.0, 5.0, 99.0)
    for first, last, said in (
        (few, many, None),
        (few._replace(lint_s=3.1), many, "lint_s of 2,000 rules"),
        (few, many._replace(one_changed_s=7.1), "one_changed_s grows faster than the rules"),
    ):
        rows = {2_000: first, 10_000: last}
        monkeypatch.setattr(review, "measured", lambda count, rows=rows: rows[count])
        assert review.main() == (said is not None)
        assert (said or "| 2,000 |") in capsys.readouterr().out
