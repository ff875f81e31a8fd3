"""Run the public HTTP cache tests against the edge and write what comes out to docs/edge-conformance.md.

They are those of the npm package, or with `--suite FOLDER` those of a checkout of the suite's repository, in
which `npm install` was done.
With `--cache URL --origin-port PORT` they run against another cache: one at URL, whose origin
is 127.0.0.1:PORT. There the origin of the tests listens. What comes out is printed then.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from edge.conformance import PACKAGE as PACKAGE_FOLDER
from edge.conformance import Result, judge, judge_edge, suite_origin
from edge.conformance_page import NEWEST, NO_REASON, PACKAGE, PAGE, figures, written
from prefetchrouter.edge.clients.server import run


async def judge_other(cache: str, origin_port: int, tests: Sequence[str], suite: Path) -> list[Result]:
    async with suite_origin(origin_port, suite=suite):
        return await judge(cache, tests, suite=suite)


def show(results: Sequence[Result]) -> None:
    for result in results:
        if result.outcome != "passed":
            print(f"{result.kind:8}  {result.outcome:10}  {result.test}: {result.detail or result.open}")
    print(f"passed / failed / not judged: required, optimal, checks\n{figures(results)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--cache", metavar="URL", help="another cache, instead of the edge")
    parser.add_argument("--origin-port", type=int, metavar="PORT", help="where that cache has its origin")
    parser.add_argument("--suite", type=Path, metavar="FOLDER", help="a checkout of the suite's repository")
    parser.add_argument("tests", nargs="*", metavar="TEST", help="single tests; they are shown, not written")
    options = parser.parse_args()
    if (options.cache is None) != (options.origin_port is None):
        parser.error("--cache and --origin-port belong together")
    suite = (options.suite or PACKAGE_FOLDER).resolve()
    if options.cache is not None:
        show(run(lambda: judge_other(options.cache, options.origin_port, options.tests, suite)))
        return
    results = run(lambda: judge_edge(options.tests, suite=suite))
    show(results)
    if not options.tests:
        part = PACKAGE if options.suite is None else NEWEST
        page = written(PAGE.read_text(encoding="utf-8"), results, part)
        PAGE.write_text(page, encoding="utf-8")
        if f"| {NO_REASON} |" in page:
            sys.exit(f"{PAGE.name}: write the reasons where there is a {NO_REASON}")


if __name__ == "__main__":
    main()
