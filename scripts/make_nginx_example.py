"""Write what the target `nginx` prints for the example, which a test compares with.

Run it after a change of the target; with `--check` it only says whether the files are stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

from generating import main
from prefetchrouter import build
from prefetchrouter.authoring.loader import load

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "targets" / "nginx" / "example"
SHOWN = ("rules.conf", "client.conf")
"""The files that depend on the rules."""


def texts() -> dict[Path, str]:
    """Return the text of each file."""
    routes = load(ROOT / "examples" / "routes.py")
    built = build(routes.rule_set, targets="nginx")
    return {FOLDER / name: built[f"nginx/prefetchrouter/{name}"] for name in SHOWN}


if __name__ == "__main__":
    sys.exit(main(texts()))
