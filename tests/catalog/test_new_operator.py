"""An operator is added in one place; the type checker names the modules that have to define it, no others."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import prefetchrouter

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = Path(prefetchrouter.__file__).parent

ROWS = """        case "^=":
            return OperatorSpec(name, "^=", "pattern", "starts with", elsewhere=("starts_with",))
        case "!^=":
            return OperatorSpec(name, "^=", "pattern", "does not start with")
"""
MEANING = """        case "^=":
            start = value_text(value)
            return lambda found: found.startswith(start)
"""
OF_TWO = """        case "^=":
            return str.startswith
"""

AS_TEST = """        case "^=":
            return Matches(reading, f"^{re.escape(value_text(value))}")
"""
AS_TEST_OF_TWO = """        case "^=":
            return "contains"
"""

REGEX = '        case "=~":\n'

RUN = """
from prefetchrouter import Request, Router, RuleSet, evaluate, explain, not_, raw
from prefetchrouter.lowering.tests import atomic
from prefetchrouter.report.describe import describe_condition
from prefetchrouter.rules.operators import opposite

router = Router().match(raw({"^=": [{"request": "path"}, "/shop"]}), caching={"max_age": "1h"})
rules = RuleSet.from_json(RuleSet(rules=router.rules).to_json())
assert evaluate(rules, Request("/shop/1")).ttl() == "1h"
assert evaluate(rules, Request("/about")).ttl() is None
other = Router().match(raw({"!^=": [{"request": "path"}, "/shop"]}), caching={"max_age": "1h"})
assert evaluate(other, Request("/about")).ttl() == "1h"
assert opposite("^=") == "!^="
assert describe_condition(router.rules[0].branches[0].condition) == "path starts with /shop"
assert explain(router, Request("/about"))
assert atomic(router.rules[0].branches[0].condition).regex == "^/shop"
try:
    raw({"starts_with": [{"request": "path"}, "/shop"]})
    Router().match(raw({"starts_with": [{"request": "path"}, "/shop"]}), caching={"max_age": "1h"})
except Exception as error:
    assert 'did you mean "^="?' in str(error), error
else:
    raise AssertionError("a word from elsewhere was taken")
"""


def edited(folder: Path, file: str, *changes: tuple[str, str]) -> None:
    """Replace the first place of each text in a file of the copy."""
    path = folder / "src" / "prefetchrouter" / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def checked(folder: Path) -> str:
    """What strict mypy says of the copy."""
    command = [sys.executable, "-m", "mypy", "--config-file", str(PROJECT / "pyproject.toml"), "src"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_the_type_checker_names_the_row_and_the_meaning(tmp_path: Path) -> None:
    """With these written it compiles, evaluates and explains; it has an opposite and words, too."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "prefetchrouter", ignore=shutil.ignore_patterns("static"))
    shutil.copytree(PACKAGE / "static", tmp_path / "src" / "prefetchrouter" / "static")
    operators, predicates, lowered = "rules/operators.py", "evaluation/predicates.py", "lowering/tests.py"
    edited(
        tmp_path, operators, ('"=~", "in"', '"=~", "^=", "in"'), ('"!~", "not_in"', '"!~", "!^=", "not_in"')
    )

    said = checked(tmp_path)
    named = re.findall(r"prefetchrouter/(\S+?):\d+: error: Match statement has unhandled case", said)
    assert sorted(named) == sorted([operators, *[predicates, lowered] * 2]), said
    assert set(re.findall(r"prefetchrouter/(\S+?):\d+: error", said)) == {operators, predicates, lowered}

    edited(tmp_path, operators, (REGEX, f"{ROWS}{REGEX}"))
    edited(
        tmp_path, predicates,
        (f"{REGEX}            search", f"{MEANING}{REGEX}            search"),
        (f"{REGEX}            return operator", f"{OF_TWO}{REGEX}            return operator"),
    )  # fmt: skip
    edited(
        tmp_path, lowered,
        (f"{REGEX}            return Matches", f"{AS_TEST}{REGEX}            return Matches"),
        (f"{REGEX}            return \"contains", f"{AS_TEST_OF_TWO}{REGEX}            return \"contains"),
        ("import ipaddress\n", "import ipaddress\nimport re\n"),
    )  # fmt: skip
    assert "Success" in checked(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "src"), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
