"""Prints a rule set's document: a change of one rule is a change of one line."""

from __future__ import annotations

import json
from typing import Any


def json_text(document: dict[str, Any]) -> str:
    """Return a rule set's document as the text of a file: one rule a line, one trailing newline.

    Example:
        >>> print(json_text({"name": "shop", "rules": [{"comment": "a"}, {}]}), end="")
        {
        "name": "shop",
        "rules": [
        {"comment": "a"},
        {}
        ]
        }
    """
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in document.items() if key != "rules"]
    rules = ",\n".join(json.dumps(rule) for rule in document["rules"])
    parts.append(f'"rules": [\n{rules}\n]' if rules else '"rules": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"
