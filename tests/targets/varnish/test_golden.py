"""What `build --target varnish` writes for the rules that every reader opens first, line by line.

After a change that is meant: `.venv/bin/python tests/targets/varnish/golden.py` writes the files anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from targets.varnish.golden import FOLDER, built

FILES = built()


@pytest.mark.parametrize("path", sorted(FILES))
def test_the_example_builds_the_files_of_the_repository(path: str) -> None:
    assert FILES[path] == (FOLDER / path).read_text("utf-8")


def test_no_other_file_is_there() -> None:
    assert {str(path.relative_to(FOLDER)) for path in Path(FOLDER).rglob("*") if path.is_file()} == set(FILES)


def test_the_same_rules_give_the_same_bytes() -> None:
    assert built() == FILES
