"""Tables of documented facts, which lie beside the repository where there is such a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "reference"


def records(name: str) -> list[Any]:
    """Return the records of a table, none where the folder is not there."""
    path = FOLDER / name
    if not path.exists():
        print(f"{name} is not beside this repository: nothing of it is compared")
        return []
    found: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
