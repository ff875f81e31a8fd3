"""Formats generated code, and writes generated files or checks that they are up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


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
    stale = {path: text for path, text in files.items() if path.read_text(encoding="utf-8") != text}
    if "--check" in sys.argv:
        return int(bool(stale))
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0
