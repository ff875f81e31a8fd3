"""Writes the text that each wrong input gets into the tables: ``python tests/wrong_inputs/update.py``.

Read the difference before you keep it: each text is a promise to users.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from wrong_inputs.cases import FOLDER, Case, printed


def _text(value: str) -> str:
    if "\n" in value and "'''" not in value:
        return f"'''\n{value}'''"
    return f"'{value}'" if "'" not in value and "\n" not in value else json.dumps(value, ensure_ascii=False)


def _table(row: dict[str, Any]) -> str:
    lines = ["[[case]]"]
    for key in ("source", "code", "paste", "matches", "rating", "says"):
        if key in row:
            value = row[key]
            lines.append(f"{key} = {_text(value) if isinstance(value, str) else json.dumps(value)}")
    return "\n".join(lines)


def update() -> None:
    """Rewrite every table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        for path in sorted(FOLDER.glob("*.toml")):
            rows = tomllib.loads(path.read_text(encoding="utf-8"))["case"]
            for row in rows:
                row["says"] = printed(Case(row["source"], row["code"], "", row["rating"]), folder)
            path.write_text("\n\n".join(map(_table, rows)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    update()
