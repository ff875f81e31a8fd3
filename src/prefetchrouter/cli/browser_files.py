"""``prefetchrouter browser-files``: the built files of the browser part, for sites without npm."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("folder", help="where to write, such as public: each file at its path on the site")


def run(options: argparse.Namespace) -> int:
    """Write the files, and print what they are for."""
    from prefetchrouter.browser.files import browser_files, is_immutable
    from prefetchrouter.browser.names import NAMES
    from prefetchrouter.output.writing import write_all
    from prefetchrouter.printable import printable

    folder = Path(options.folder)
    files = browser_files()
    write_all({path.removeprefix("/"): text.encode() for path, text in files.items()}, folder)
    if options.format == "json":
        listed = [{"path": path, "immutable": is_immutable(path)} for path in files]
        print(json.dumps({"folder": folder.as_posix(), "files": listed}, indent=2))
        return 0
    for path in files:
        print(f"wrote {printable(folder.as_posix())}{path}")
    print(f'in your pages: <script src="{NAMES.install_path}" defer></script>')
    print(f"pages read their rules from {NAMES.manifest_path}: prefetchrouter build --site writes it, too")
    return 0
