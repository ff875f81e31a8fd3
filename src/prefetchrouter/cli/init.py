"""``prefetchrouter init``: a starter routes.py with its test."""

from __future__ import annotations

import argparse
from pathlib import Path

STARTERS = {"routes.py": "starter_routes.py.j2", "test_routes.py": "starter_test.py.j2"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` reads."""
    parser.add_argument("folder", nargs="?", default=".", help="where to write (default: here)")


def run(options: argparse.Namespace) -> int:
    """Write the files, unless one of them is there already."""
    from prefetchrouter.builder import BuiltFile, write_files
    from prefetchrouter.errors import OutputError
    from prefetchrouter.templates import template

    folder = Path(options.folder)
    for name in STARTERS:
        if (folder / name).exists():
            raise OutputError.of(
                "output", f"{folder / name} is there already", hint="name another folder, or remove it"
            )
    write_files([BuiltFile(name, template(starter).render()) for name, starter in STARTERS.items()], folder)
    for name in STARTERS:
        print(f"wrote {(folder / name).as_posix()}")
    routes = (folder / "routes.py").as_posix()
    print(f"next: prefetchrouter build {routes}, and pytest {folder.as_posix()}")
    print(f"to see it in a browser: prefetchrouter serve {routes} --example")
    return 0
