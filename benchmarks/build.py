"""A build of 10,000 rules today against that of an earlier commit: processor time and peak memory.

``python -m benchmarks.build`` runs every program with both reports. A number after it is how often, and text
chooses the programs whose names have it: ``python -m benchmarks.build 9 match``.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.earlier import COMMIT, installed
from benchmarks.serving.processes import Installed

ROUNDS = 5
MOST = 0.4
"""The most processor time that a build may take, in parts of what it took then."""

PROGRAMS = {
    "one rule": """\
from prefetchrouter import Router

router = Router().get("/", caching={"max_age": "1h"})
""",
    "10,000 get, one section": """\
from prefetchrouter import Router

router = Router()
for i in range(10_000):
    router.get(f"/s{i}/page", caching={"max_age": "1h"})
""",
    "10,000 match, three sections": """\
from prefetchrouter import Router

router = Router()
for i in range(10_000):
    router.match(
        f"/s{i}/:category/:id",
        caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
        headers={"set_response_headers": {"x-shop": f"s{i}"}},
        origin={"set_origin": "web"},
    )
""",
    "10,000 mixed": """\
import re
from prefetchrouter import Router, exact, or_

router = Router()
for i in range(1_000):
    router.get(f"/s{i}/page", caching={"max_age": "1h"})
    router.match(f"/s{i}/:category/:id", caching={"max_age": {"200": "1h", "404": "1m"}})
    router.match(
        {"path": f"/h{i}/:rest*", "headers": {"x-kind": re.compile("^a|b$")}, "method": ["GET", "HEAD"]},
        headers={"add_response_headers": {"x-a": "b"}, "remove_response_headers": ["x-c"]},
    )
    destination = f"https://www.shop.example/new{i}/"
    router.match(f"/old{i}/:id", url={"url_redirect": {"code": 301, "destination": destination}})
    router.match(re.compile(f"^/re{i}/([a-z]+)$"), caching={"bypass_cache": True})
    router.match(exact(f"/e{i}"), comment="x", caching={"max_age": "1h"}, origin={"set_origin": "web"})
    router.match(f"/n{i}/:any*", Router().get(f"/n{i}/a", caching={"max_age": "2h"}))
    router.if_({"path": f"/c{i}", "cookies": {"tier": "gold"}}, caching={"max_age": "1m"}).else_(comment="b")
    router.match(or_({"path": f"/o{i}"}, {"path": f"/p{i}"}), response={"set_status_code": 404})
    router.match([f"/l{i}/a", f"/l{i}/b"], caching={"max_age": "1d", "stale_while_revalidate": "1h"})
""",
}


class Run(NamedTuple):
    """What one build took as a whole process: seconds of a processor, and MiB at its peak."""

    seconds: float
    mib: float


def built(version: Installed | None, routes: Path, report: str) -> Run:
    """Build a routes file in a new process, whose modules are compiled as those of an installed package are.

    Args:
        version: The version of the package; None for this tree.
        routes: The file.
        report: ``"text"`` or ``"json"``.
    """
    python, package = Path(sys.executable), Path(__file__).parents[1] / "src"
    if version is not None:
        python, package = version.python, version.package
    command = [str(python), "-m", "prefetchrouter", "build", str(routes), "--format", report]
    process = subprocess.Popen(
        [*command, "--out", str(routes.parent)],
        env={
            **os.environ,
            "PYTHONPATH": str(package),
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(routes.parents[1] / "bytecode"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main(rounds: int = ROUNDS, chosen: str = "") -> int:
    """Print the table: both versions in turns, since the load of a machine changes while it measures.

    Args:
        rounds: How often each build runs; the least of its times is printed, which others disturbed least.
        chosen: Text in the names of the programs.

    Returns:
        1 if a build takes more than `MOST` of the time of then, or more memory; else 0.
    """
    print(f"Python {platform.python_version()}, {platform.machine()}; the least of {rounds} runs in turns")
    then_label = f"{COMMIT}, CPU s"
    print(f"{'a build':<29} {'report':<6} {then_label:>15} {'now':>6} {'ratio':>6} {'MiB':>5} {'now':>5}")
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        then = installed(Path(folder, "then"))
        for number, (name, program) in enumerate(PROGRAMS.items()):
            if chosen not in name:
                continue
            routes = Path(folder, str(number), "routes.py")
            routes.parent.mkdir()
            routes.write_text(program, encoding="utf-8")
            for report in ("text", "json"):
                for version in (then, None):
                    built(version, routes, report)  # compiles the modules
                pairs = [(built(then, routes, report), built(None, routes, report)) for _ in range(rounds)]
                before, now = (
                    Run(*(min(column) for column in zip(*runs, strict=True)))
                    for runs in zip(*pairs, strict=True)
                )
                ratio = now.seconds / before.seconds
                print(
                    f"{name:<29} {report:<6} {before.seconds:>15.2f} {now.seconds:>6.2f} {ratio:>6.2f}"
                    f" {before.mib:>5.0f} {now.mib:>5.0f}",
                    flush=True,
                )
                if name != "one rule" and (ratio > MOST or now.mib > before.mib):
                    missed.append(f"{name}, {report}")
    if missed:
        what = f"more than {MOST} of the processor time of {COMMIT}, or more memory"
        print(f"The bound is missed. These builds take {what}: {'; '.join(missed)}.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS, "".join(sys.argv[2:3])))
