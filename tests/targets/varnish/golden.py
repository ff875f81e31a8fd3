"""The files of the example, and what writes them anew."""

from __future__ import annotations

from pathlib import Path

from prefetchrouter.authoring.loader import load
from prefetchrouter.targets.target import Job
from prefetchrouter.targets.varnish import VarnishTarget

FOLDER = Path(__file__).parent / "golden"
_ROUTES = Path(__file__).parents[3] / "examples" / "routes.py"


def built() -> dict[str, str]:
    """Return the files by their paths in ``varnish/``."""
    target = VarnishTarget()
    job = Job(target, load(_ROUTES).rule_set, policy="warn")
    return {artifact.path.removeprefix("varnish/"): artifact.text for artifact in target.print(job)}


if __name__ == "__main__":
    for path, text in built().items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, "utf-8")
