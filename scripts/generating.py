"""Formats generated code, and writes generated files or checks that they are up to date."""

from __future__ import annotations

import collections.abc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from prefetchrouter.rules.features import Section
from prefetchrouter.rules.node import FrozenDict

_COLLECTIONS = {
    FrozenDict: "Mapping",
    collections.abc.Mapping: "Mapping",
    collections.abc.Sequence: "Sequence",
    list: "list",
    tuple: "tuple",
}


def type_text(kind: Any, model: Callable[[type[Section]], str]) -> str:
    """Return a type as code writes it, without the checks of its values.

    Args:
        kind: The type.
        model: Returns how the model of a section or an option is written.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return type_text(arguments[0], model)
    if origin in {Union, UnionType}:
        return " | ".join(type_text(part, model) for part in arguments)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin in _COLLECTIONS:
        parts = ("..." if part is ... else type_text(part, model) for part in arguments)
        return f"{_COLLECTIONS[origin]}[{', '.join(parts)}]"
    if kind is Any:
        return "Any"
    return model(kind) if issubclass(kind, Section) else str(kind.__name__)


def formatted(text: str, target: Path) -> str:
    """Return Python code as ruff formats it, with sorted imports and without those that are unused.

    Args:
        text: The code.
        target: The file that it is for; the settings are those of its folder.
    """
    for command in (["check", "--fix-only", "--quiet"], ["format"]):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(target), "-"],
            input=text, capture_output=True, text=True, check=True, cwd=target.parent,
        ).stdout  # fmt: skip
    return text


def main(files: dict[Path, str]) -> int:
    """Write generated files; with ``--check`` only return 1 when one of them is not up to date."""
    stale = {
        path: text for path, text in files.items() if not path.is_file() or path.read_text("utf-8") != text
    }
    if "--check" in sys.argv:
        return int(bool(stale))
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0
