"""Write the table in docs/targets.md: what each target supports, from the support tables.

Run it after a change of a support table; with `--check` it only says whether the page is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from generating import main
from prefetchrouter.rules.variables import NAMESPACES, all_variables
from prefetchrouter.targets import embedded
from prefetchrouter.targets.registry import OURS, target_named
from prefetchrouter.targets.support import CONSTRUCTS, OPERATORS, Kind, SupportTable, feature_names

PAGE = Path(__file__).parent.parent / "docs" / "targets.md"
BEGIN, END = "<!-- support table -->\n", "<!-- end of the support table -->\n"
SHOWN = {"full": "full", "approximate": "approximate", "none": ""}


def tables() -> dict[str, SupportTable]:
    """Return the support tables, by what the page calls their columns."""
    ours = {f"`{name}`": target_named(name).support for name in OURS}
    return {**ours, "embedded edge": embedded.SUPPORT}


def section(kind: Kind, title: str, names: Iterable[str]) -> list[str]:
    """Return the rows of one kind; but for features, names of which all tables say the same share a row."""
    columns = tables()
    rows: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        levels = tuple(SHOWN[table.of(kind, name).level] for table in columns.values())
        rows.setdefault((*levels, name if kind == "feature" else ""), []).append(name)
    return [
        f"| {title} | {' | '.join(columns)} |",
        f"| --- |{' --- |' * len(columns)}",
        *(
            f"| {', '.join(f'`{name}`' for name in alike)} | {' | '.join(levels[:-1])} |"
            for levels, alike in rows.items()
        ),
        "",
    ]


def page(text: str) -> str:
    """Return the page with the table of now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    variables = dict.fromkeys(
        f"{found.namespace}.{'*' if found.name.startswith('<') else found.name}"
        for namespace in NAMESPACES
        for found in all_variables()
        if found.namespace == namespace
    )
    lines = [
        "",
        *section("feature", "feature", feature_names()),
        *section("variable", "variable of a condition", variables),
        *section("operator", "operator", OPERATORS),
        *section("construct", "construct", CONSTRUCTS),
    ]
    return before + BEGIN + "\n".join(lines) + END + after


if __name__ == "__main__":
    sys.exit(main({PAGE: page(PAGE.read_text(encoding="utf-8"))}))
