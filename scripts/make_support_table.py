"""Write the table in docs/targets.md: what each target supports, from the support tables.

Run it after a change of a support table; with `--check` it only says whether the page is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from generating import main
from prefetchrouter.rules.variables import NAMESPACES, all_variables
from prefetchrouter.targets import embedded
from prefetchrouter.targets.edge_rules import EDGE_RULES
from prefetchrouter.targets.registry import OURS, target_named
from prefetchrouter.targets.support import CONSTRUCTS, OPERATORS, Kind, Support, SupportTable, feature_names
from prefetchrouter.targets.value_forms import VALUE_FORMS

PAGE = Path(__file__).parent.parent / "docs" / "targets.md"
BEGIN, END = "<!-- support table -->\n", "<!-- end of the support table -->\n"
FORMS_BEGIN, FORMS_END = "<!-- value forms -->\n", "<!-- end of the value forms -->\n"
SHOWN = {"full": "full", "approximate": "approximate", "none": ""}


def tables() -> dict[str, SupportTable]:
    """Return the support tables, by what the page calls their columns."""
    ours = {f"`{name}`": target_named(name).support for name in OURS}
    return {**ours, "embedded edge": embedded.SUPPORT}


def section(kind: Kind, title: str, names: Iterable[str]) -> list[str]:
    """Return the rows of one kind; names, except features, of which all tables say the same share a row."""
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


def edges() -> dict[str, SupportTable]:
    """Return the columns of targets that are edges: they say something of the rules of edge behaviour."""
    return {name: table for name, table in tables().items() if table.edge_rules}


def rules_of_behaviour() -> list[str]:
    """Return a row for each rule of edge behaviour."""
    columns = edges()
    return [
        f"| rule | subject | {' | '.join(columns)} |",
        f"| --- | --- |{' --- |' * len(columns)}",
        *(
            f"| {number} | {subject} | "
            + " | ".join(table.of("edge rule", number).level for table in columns.values())
            + " |"
            for number, subject in EDGE_RULES.items()
        ),
        "",
    ]


def exceptions() -> list[str]:
    """Return for each edge a table of what it does otherwise than the rules say, with the reason."""
    lines: list[str] = []
    for column, table in edges().items():
        parts: tuple[tuple[str, Mapping[str, Support]], ...] = (
            ("", table.features),
            ("", table.variables),
            ("value form ", table.value_forms),
            ("rule ", table.edge_rules),
        )
        rows: dict[tuple[str, str], list[str]] = {}
        for kind, named in parts:
            for name, found in named.items():
                if found.level != "full":
                    shown = f"`{name}`" if kind != "rule " else name
                    rows.setdefault((found.level, _sentence(found)), []).append(f"{kind}{shown}")
        lines += [
            f"### {column[:1].upper()}{column[1:]}",
            "",
            "| what | how well | why, and what there is instead |",
            "| --- | --- | --- |",
            *(f"| {', '.join(names)} | {level} | {why} |" for (level, why), names in rows.items()),
            "",
        ]
    return lines


def _sentence(found: Support) -> str:
    return f"{found.note}; instead: {found.nearest}" if found.nearest else found.note


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
        *section("value form", "form of values", VALUE_FORMS),
        "For targets that are edges, the rules of [edge behaviour](edge-rules.md):",
        "",
        *rules_of_behaviour(),
        "## Where an edge differs",
        "",
        "Every difference that the tables of the targets list, with its reason.",
        "",
        *exceptions(),
    ]
    return with_forms(before + BEGIN + "\n".join(lines) + END + after)


def with_forms(text: str) -> str:
    """Return the page with the list of the forms of values."""
    before, _, rest = text.partition(FORMS_BEGIN)
    _, _, after = rest.partition(FORMS_END)
    rows = "".join(f"| `{name}` | {what} |\n" for name, what in VALUE_FORMS.items())
    return f"{before}{FORMS_BEGIN}\n| form | description |\n| --- | --- |\n{rows}\n{FORMS_END}{after}"


if __name__ == "__main__":
    sys.exit(main({PAGE: page(PAGE.read_text(encoding="utf-8"))}))
