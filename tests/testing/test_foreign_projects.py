"""The pytest plugin in a project that has nothing to do with it: pytest loads it in each, so it is small.

`python -X importtime` says 5 ms for it, and 110 for pytest itself. What is tested is what it loads:
that is the same on each machine.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """\
import sys


def pytest_unconfigure():
    ours = [name for name in sys.modules if name.partition(".")[0] == "prefetchrouter"]
    print("OURS", *sorted(ours))
    print("OTHERS", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
OURS = {
    "prefetchrouter",
    "prefetchrouter.moved",
    "prefetchrouter.printable",
    "prefetchrouter.testing",
    "prefetchrouter.testing.plugin",
    "prefetchrouter.testing.session",
    "prefetchrouter.public",
    "prefetchrouter.testing.coverage",
}
"""The most that it may load before a test evaluates rules."""
HEAVY = {"pydantic", "pydantic_core", "jinja2", "parse", "wcwidth", "http_sf", "starlette", "uvicorn"}


@pytest.fixture
def loaded(tmp_path: Path) -> dict[str, set[str]]:
    """What a run of pytest in a foreign project has loaded at its end, ours and others' packages."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_a.py").write_text("def test_a() -> None:\n    assert True\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {words[0]: set(words[1:]) for words in lines if words[:1] in (["OURS"], ["OTHERS"])}


def test_it_is_loaded_and_imports_no_model_and_no_library(loaded: dict[str, set[str]]) -> None:
    assert "prefetchrouter.testing.plugin" in loaded["OURS"]
    assert loaded["OURS"] <= OURS
    assert not loaded["OTHERS"] & HEAVY
