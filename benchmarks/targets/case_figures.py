"""How many cases are equal on each engine: as listed, which `pytest tests/cases` proves."""

from __future__ import annotations

import tomllib

from benchmarks.targets.target_servers import ROOT

CASES = ROOT / "tests" / "cases"


def equal_share(engine: str) -> float:
    """Return the share of cases that are equal on an engine; one more that differs fails the tests."""
    listed = tomllib.loads((CASES / "runners" / "differences.toml").read_text(encoding="utf-8"))
    every = len(list(CASES.rglob("*.case")))
    return 1 - len(listed.get(engine, {})) / every
