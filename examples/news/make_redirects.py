"""Writes redirects.csv: the 5,000 addresses that this site had before its move.

A real table comes from the database of the old system; this one is made from words, the same each time.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

SECTIONS = ("politics", "business", "science", "culture", "sport")
SUBJECTS = (
    "budget", "bridge", "harvest", "election", "museum", "railway", "orchestra", "harbour", "forest",
    "library", "derby", "telescope", "vaccine", "festival", "tariff", "glacier", "parliament", "marathon",
    "archive", "ferry",
)  # fmt: skip
EVENTS = (
    "opens", "closes", "delayed", "approved", "rejected", "returns", "expands", "in-numbers", "explained",
    "begins",
)  # fmt: skip
COUNT = 5000


def lines() -> Iterator[tuple[str, str, str]]:
    """Yield old addresses, new ones and statuses; an article that was withdrawn leads to its section."""
    numbers = itertools.count(10_001)
    years = range(2016, 2026)
    for year, section, subject, event in itertools.product(years, SECTIONS, SUBJECTS, EVENTS):
        number = next(numbers)
        month = number % 12 + 1
        old = f"/{year}/{month:02}/{section}/article-{number}.html"
        if number % 250 == 0:
            yield old, f"/{section}", "302"
        elif number % 2:
            yield old, f"/{section}/{subject}-{event}-{number}", "301"


def write(path: Path) -> int:
    """Write the table, and return how many redirects it has."""
    rows = list(itertools.islice(lines(), COUNT))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("from", "to", "status"))
        writer.writerows(rows)
    return len(rows)


if __name__ == "__main__":
    print(write(Path(__file__).with_name("redirects.csv")))
