"""Write docs/edge-features.md: what the embedded edge does of each feature and variable, from its own table.

Run it after a change to `prefetchrouter.targets.embedded`; with `--check` it only says whether the page
is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generating import main
from prefetchrouter.targets.embedded import SUPPORT

TARGET = Path(__file__).parent.parent / "docs" / "edge-features.md"

HEAD = """# Features of the embedded edge

`prefetchrouter serve` supports these [features](features.md). Numbers such as E11 refer to the clauses of
[How the embedded edge decides](edge-rules.md). There is no origin shield: `execute_on_shield` has no effect.
"""
MISSING = """## What it does not do

Rules that use one of these are refused at start, with the line that uses it
([edge-feature](errors/edge-feature.md)). `--without NAME` serves them all the same, without that feature. The
default of a [feature](features.md), such as `"optimize_images": false`, changes nothing and is not refused.
"""
VARIABLES = """## Variables without a value

Neither a request nor a response shows these variables. Conditions that read them see no value, unless
`--fact location.country=DE` gives one for every visitor. All other variables have their values.
"""
FOOT = "*This page is made by `scripts/make_edge_features.py` from the edge's own table.*\n"


def page() -> str:
    """Return the page, as the table says now."""
    rows = SUPPORT.features.items()
    done = [(name, support.note) for name, support in rows if support.level != "none"]
    missing = [(name, support.note) for name, support in rows if support.level == "none"]
    unseen = [f"`{name}`" for name, support in SUPPORT.variables.items() if support.level != "full"]
    why = _table("why, or what there is instead", missing)
    lines = [HEAD, *_table("how", done), "", MISSING, *why, "", VARIABLES, f"{', '.join(unseen)}.", "", FOOT]
    return "\n".join(lines)


def _table(heading: str, rows: list[tuple[str, str]]) -> list[str]:
    return [f"| feature | {heading} |", "| --- | --- |", *(f"| `{name}` | {how} |" for name, how in rows)]


if __name__ == "__main__":
    sys.exit(main({TARGET: page()}))
