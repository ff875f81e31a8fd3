"""Runs all parts, or those that are named: ``python -m benchmarks.edge earlier hello``."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.edge import earlier, hello

PARTS: dict[str, Callable[[Path], bool]] = {"earlier": earlier.compare, "hello": hello.compare}


def main(names: Sequence[str] = tuple(PARTS)) -> None:
    """Print the figures; fail when one is not as promised."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    failed = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            if not PARTS[name](Path(folder)):
                failed.append(name)
    if failed:
        sys.exit(f"not as promised: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:] or tuple(PARTS))
