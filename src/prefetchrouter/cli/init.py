"""``prefetchrouter init``: a first routes.py and its test."""

from __future__ import annotations

import argparse
from pathlib import Path

STARTERS = {"routes.py": "starter_routes.py.j2", "test_routes.py": "starter_test.py.j2"}
EXAMPLE = {"routes.py": "example_routes.py.j2", "test_routes.py": "example_test.py.j2"}
"""The rules of the example shop, as they are in `examples`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folder", nargs="?", default=".", help="where to write (default: the current folder)")
    parser.add_argument("--example", action="store_true", help="write the rules of the example shop")


def run(options: argparse.Namespace) -> int:
    """Write the files, unless one of them exists."""
    from prefetchrouter.errors import OutputError
    from prefetchrouter.output.writing import write_all
    from prefetchrouter.templates import template

    folder, files = Path(options.folder), EXAMPLE if options.example else STARTERS
    for name in files:
        if (folder / name).exists():
            raise OutputError.of(
                "output", f"{folder / name} already exists", hint="name another folder, or remove it"
            )
    write_all({name: template(starter).render().encode() for name, starter in files.items()}, folder)
    for name in files:
        print(f"wrote {(folder / name).as_posix()}")
    routes = (folder / "routes.py").as_posix()
    print(f"next: prefetchrouter build {routes}, and pytest {folder.as_posix()}")
    origin = "--example" if options.example else "--origin http://localhost:3000"
    print(f"to see it in a browser: prefetchrouter serve {routes} {origin}")
    return 0
