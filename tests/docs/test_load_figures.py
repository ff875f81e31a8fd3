"""The figures of `docs/edge-load.md` agree with each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "edge-load.md").read_text("utf-8")

PROCESSOR = re.findall(r"(?m)^(\w.*?) +(\d+) µs +(\d+) µs +x (\d\.\d\d) +x (\d\.\d\d)$", PAGE)
RATES = re.findall(r"(?m)^(\w.*?)  +([\d,]+) +x (\d\.\d\d) +[\d.]+ µs", PAGE)


@pytest.mark.parametrize(("name", "before", "now", "ratio", "most"), PROCESSOR)
def test_the_ratio_of_processor_times_is_that_of_the_columns(
    name: str, before: str, now: str, ratio: str, most: str
) -> None:
    assert abs(int(now) / int(before) - float(ratio)) < 0.01, name
    assert float(ratio) <= float(most), name


def test_the_ratio_of_rates_is_that_of_the_column() -> None:
    peer = int(RATES[0][1].replace(",", ""))
    for name, rate, ratio in RATES:
        assert abs(int(rate.replace(",", "")) / peer - float(ratio)) < 0.01, name


def test_all_rows_are_read() -> None:
    assert (len(PROCESSOR), len(RATES)) == (7, 4)
