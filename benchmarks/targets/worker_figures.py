"""The size of the Worker's runtime, and how long one decision takes it."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from benchmarks.targets.rich_rules import Shape, page_of, rich_rules
from benchmarks.targets.target_servers import ROOT
from prefetchrouter import Router, build
from prefetchrouter.output.building import write

WORKER: Final = ROOT / "worker"


def runtime_kilobytes(rules: int = 0) -> float:
    """Return the size of what `worker.js` has behind its data, compressed, in kB.

    The data of a site without rules are the browser files that the edge serves: no part of the runtime.

    Args:
        rules: For how many rich rules: the runtime has the modules that these need.
    """
    return runtime_bytes(rich_rules(rules) if rules else Router()) / 1000


def runtime_bytes(router: Router) -> int:
    """Return the compressed size of the runtime that is built for some rules."""
    files = build(router, targets="worker").files
    text = next(file.text for file in files if file.path == "worker/worker.js")
    return len(gzip.compress(runtime_of(text).encode(), 9, mtime=0))


def runtime_of(text: str) -> str:
    """Return what follows the data in the text of a `worker.js`.

    Example:
        >>> runtime_of("const DATA = {\\nsite: {},\\n};\\nvar edge;\\n")
        'var edge;\\n'
    """
    return text.partition("\n};\n")[2]


def decision_microseconds(count: int, shape: Shape, folder: Path) -> float:
    """Return the processor time of one decision in Node, in microseconds.

    Args:
        count: How many rules.
        shape: Where they are.
        folder: An empty folder.

    Raises:
        SystemExit: Node or npm's packages of the worker are missing.
    """
    node = shutil.which("node")
    if node is None or not (WORKER / "node_modules").is_dir():
        raise SystemExit("the decision needs Node and npm's packages: npm --prefix worker ci")
    write(build(rich_rules(count, shape), targets="worker"), folder)
    built = folder / "worker" / "worker.js"
    command = [node, str(WORKER / "scripts" / "decide.mjs"), str(built), page_of(count, shape)]
    found: dict[str, float] = json.loads(subprocess.check_output(command, encoding="utf-8"))
    return found["microseconds"]
