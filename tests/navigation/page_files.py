"""Reads the files that pages load, as `browser/src/links/likely.ts` does; and cases for both.

``python tests/navigation/page_files.py`` writes the cases.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from prefetchrouter.targets.page_navigation import LEVELS, page_key, page_navigation

CASES = Path(__file__).with_suffix(".json")


def rows_of(text: str) -> dict[str, dict[str, float]]:
    """Return all rows of a file."""
    urls, rows = (part.split("\n") for part in json.loads(text))
    known: list[str] = []
    for line in urls if urls != [""] else ():
        known.append((known[-1] if known else "")[: ord(line[0]) - 35] + line[1:])
    return {
        page: {
            known[(ord(row[at]) - 35) * 64 + ord(row[at + 1]) - 35]: LEVELS[ord(row[at + 2]) - 35]
            for at in range(0, len(row), 3)
        }
        for page, row in zip(known, rows, strict=bool(known))
        if row
    }


def cases() -> list[dict[str, object]]:
    """Return files with their rows: URLs of all kinds, and more of them than one digit can number."""
    dice = random.Random(5)
    pieces = ["a", "products", "7", "70", "é", "😀", "日本", "\\", '"', "%2F", "b" * 40, "c" * 80]
    made: list[dict[str, object]] = []
    for most in (1, 3, 30, 150):
        names = sorted(
            {"/" + "/".join(dice.choices(pieces, k=dice.randint(0, 5))) for _ in range(most)}
            | {"/?a=b&c=%20"}
        )
        rows = {
            page: [(url, dice.random() ** 3) for url in dice.sample(names, min(3, len(names)))]
            for page in dice.sample(names, (len(names) + 1) // 2)
        }
        rows[page_key("/hidden")] = [(names[0], 0.4)]
        texts = list(page_navigation(rows).files.values())
        made += [{"text": text, "rows": [[page, list(row.items())] for page, row in rows_of(text).items()]}
                 for text in texts]  # fmt: skip
    return made


def cases_text() -> str:
    return json.dumps(cases(), indent=0, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    CASES.write_text(cases_text())
