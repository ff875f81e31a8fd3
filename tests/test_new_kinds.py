"""With a kind of rule or condition added, the type checker names every reader that lacks it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import prefetchrouter

PACKAGE = Path(prefetchrouter.__file__).parent
PROJECT = Path(__file__).resolve().parents[1]

TOY = '''@dataclass(config=CLOSED, frozen=True, slots=True)
class Toy{union}:
    """A kind that no reader knows."""

    source: None = None


{union}: TypeAlias = Toy{union} |'''

UNIONS = {"Rule": "rules/rule.py", "Condition": "rules/conditions.py"}
KINDS = {"Rule": "Apply|Chain|Group", "Condition": "Comparison|AllOf|AnyOf"}


def readers(union: str) -> set[str]:
    """The files that have a case for a kind of the union."""
    case = re.compile(rf"^\s*case .*\b({KINDS[union]})\(", re.M)
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if case.search(path.read_text(encoding="utf-8"))
    }


def test_the_type_checker_names_every_reader_of_a_new_kind(tmp_path: Path) -> None:
    """Strict mypy on a copy with one more kind in each union: all readers, and none that has no such case."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "prefetchrouter", ignore=shutil.ignore_patterns("static"))
    for union, file in UNIONS.items():
        path = tmp_path / "src" / "prefetchrouter" / file
        text = path.read_text(encoding="utf-8")
        assert f"{union}: TypeAlias =" in text
        path.write_text(text.replace(f"{union}: TypeAlias =", TOY.format(union=union), 1), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(PROJECT / "pyproject.toml"), "src"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    for union in UNIONS:
        named = {
            line.partition(":")[0].removeprefix("src/prefetchrouter/")
            for line in checked.stdout.splitlines()
            if f"Toy{union}" in line
        }
        assert readers(union) <= named, f"{union}: a reader that mypy does not name"
        assert named, checked.stdout + checked.stderr
