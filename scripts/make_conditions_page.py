"""Write docs/conditions.md: every operator and variable of conditions, from the tables in the code.

Run it after a change of these; with `--check` it only says whether the page is stale.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from generating import main
from prefetchrouter.rules.operators import OPERATORS
from prefetchrouter.rules.variables import VariableSpec, all_variables

PAGE = Path(__file__).parents[1] / "docs" / "conditions.md"

HEAD = """# Conditions

Every variable that a condition can test, and every operator. [Criteria](criteria.md) are the usual way to
write conditions; [the rule language](rule-language.md) says how values are compared, and what holds for a
fact that is missing.

*This page is generated from the code by `scripts/make_conditions_page.py`.*

## Operators

| operator | in words | compares with | values |
| --- | --- | --- | --- |
"""

GROUPS = {
    "equality": "a value",
    "pattern": "a [path pattern](patterns.md)",
    "regex": "a [regular expression](regexes.md)",
    "list": "a list",
    "order": "a number",
}

VARIABLES = """
## Variables

"As criterion" is the entry of a mapping of criteria, such as `{"cookies": {"session": ...}}` for
`cookies.<name>`; without one only [`raw`](api/rules.md#raw) tests it. "Browser": the [manifest](manifest.md)
can have conditions on it, since it follows from the URL. A variable of the response is known once there is
one.
"""


def page() -> str:
    """Return the page, as the tables are now."""
    parts = [HEAD]
    for spec in OPERATORS.values():
        values = "2" if spec.most == 2 else f"2 or {spec.most}"
        parts.append(f"| `{spec.name}` | {spec.words} | {GROUPS[spec.group]} | {values} |\n")
    parts.append(VARIABLES)
    for (namespace, phase), specs in groupby(all_variables(), lambda spec: (spec.namespace, spec.phase)):
        title = (
            f"{namespace}, of the response" if namespace == "variable" and phase == "response" else namespace
        )
        parts.append(
            f"\n### {title}\n\n| variable | value | operators | as criterion | browser | description |\n"
            "| --- | --- | --- | --- | --- | --- |\n"
        )
        parts += [_row(spec) for spec in specs]
    return "".join(parts)


def _row(spec: VariableSpec) -> str:
    value = ", ".join(f"`{choice}`" for choice in spec.choices) or spec.value
    operators = (
        "all" if set(spec.operators) == set(OPERATORS) else " ".join(f"`{name}`" for name in spec.operators)
    )
    criterion = f"`{spec.criterion}`" if spec.criterion else ""
    browser = "yes" if spec.in_manifest else ""
    return f"| `{spec.name}` | {value} | {operators} | {criterion} | {browser} | {spec.summary} |\n"


if __name__ == "__main__":
    sys.exit(main({PAGE: page()}))
