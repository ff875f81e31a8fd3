"""Wrong inputs with the text that each gets: reads the tables beside this file, and builds what they hold.

A case is a call on a router, `.match(...)`, or a whole file; or the words of a command line. `C` stands for
``caching={"max_age": "1h"}``, so that a request that a rule matches is kept for an hour.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prefetchrouter.authoring.loader import load
from prefetchrouter.cli import main
from prefetchrouter.errors import Diagnostic, PrefetchRouterError
from prefetchrouter.report.diagnostic_lines import diagnostics_text
from prefetchrouter.report.table import Style
from prefetchrouter.rules.rule_set import RuleSet

FOLDER = Path(__file__).parent

_HEAD = """\
import re
from prefetchrouter import (
    CacheKey, Features, Hostname, Origin, Property, Request, Route, Router, and_, exact, not_, or_, raw
)
"""
LINE = _HEAD.count("\n") + 3
"""Where the call of a case stands in its file."""


@dataclass(frozen=True)
class Case:
    """One wrong input.

    Args:
        source: Where people have it from.
        code: The call on a router, the text of a file, or the words after `prefetchrouter`.
        says: What is printed.
        rating: 5 what, where and the right cure; 4 no cure, but it is clear what is wrong.
        matches: Requests that the cured rule matches.
        paste: The cured code, where a proposal is more than one expression.
    """

    source: str
    code: str
    says: str
    rating: int
    matches: tuple[str, ...] = ()
    paste: str | None = None

    @property
    def is_command(self) -> bool:
        """Whether it is a command line."""
        return self.code.startswith("$ ")


def cases() -> Iterator[Case]:
    """Yield the cases of all tables."""
    for path in sorted(FOLDER.glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield Case(
                row["source"],
                row["code"],
                row.get("says", ""),
                row["rating"],
                tuple(row.get("matches", ())),
                row.get("paste"),
            )


def text_of(code: str) -> str:
    """Return the routes file of a case."""
    if not code.startswith("."):
        return f"{_HEAD}{code}\n" if "router" in code else f"{_HEAD}router = Router()\n{code}\n"
    call = re.sub(r"caching=C\b", 'caching={"max_age": "1h"}', code)
    return f"{_HEAD}router = (\n    Router()\n    {call}\n)\n"


def told(code: str, folder: Path) -> tuple[tuple[Diagnostic, ...], RuleSet | None]:
    """Build a case and return its errors and warnings, and the rules where there are any."""
    file = folder / "routes.py"
    file.write_text(text_of(code), encoding="utf-8")
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.chdir(folder):
            routes = load(file.name)
    except PrefetchRouterError as error:
        return error.diagnostics, None
    return routes.warnings, routes.rule_set


def printed(case: Case, folder: Path) -> str:
    """Return what a case prints; the folder is the current one."""
    if case.is_command:
        (folder / "routes.py").write_text(text_of('.match("/a", caching=C)'), encoding="utf-8")
        err = io.StringIO()
        quiet = contextlib.redirect_stdout(io.StringIO())
        with contextlib.redirect_stderr(err), quiet, contextlib.suppress(SystemExit):
            main(json.loads(f"[{case.code[2:]}]"))
        lines = err.getvalue().splitlines()
        start = next((number for number, line in enumerate(lines) if ": " in line and "usage" not in line), 0)
        return "\n".join(lines[start:])
    return diagnostics_text(told(case.code, folder)[0], Style(enabled=False))
