"""Runs what the pages of the documentation show: README.md and docs/.

In a page,

- a ``python`` block runs, and what it defines is known to the blocks after it; with ``>>>`` it is a doctest;
- a ``python title="routes.py"`` block is written to that file, in a folder made for the page, and not run;
- a ``console run`` block is a transcript: each line that begins with ``$ `` runs in that folder, and the
  lines after it are what it prints. ``...`` stands for any text, as in doctests;
- everything else, such as ``bash`` or a plain ``console`` block, is for reading only.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

_PROGRESS = re.compile(r"^\S+ is still running after [0-9.]+ seconds\n", re.MULTILINE)
"""What a slow machine prints more than a quick one."""


class FileParser:
    """Writes each block with a title to the file of that name."""

    _lexer = RawFencedCodeBlockLexer(re.compile(r'\w+ title="(?P<name>[^"]+)"$\n', re.MULTILINE))

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self._lexer(document):
            region.parsed = (region.lexemes["name"], str(region.lexemes["source"]))
            region.evaluator = self._write
            yield region

    def _write(self, example: Example) -> None:
        name, text = example.parsed
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


class TranscriptParser:
    """Runs the commands of a transcript and compares what they print, errors included."""

    _lexer = RawFencedCodeBlockLexer(re.compile(r"console run$\n", re.MULTILINE))

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self._lexer(document):
            region.parsed = str(region.lexemes["source"])
            region.evaluator = self._run
            yield region

    def _run(self, example: Example) -> str | None:
        for step in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
            command, _, wanted = step.partition("\n")
            printed = _output(command)
            if not doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS):
                return f"$ {command}\nprinted:\n{printed}\ninstead of:\n{wanted}"
        return None


def _output(command: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    finished = subprocess.run(
        command,
        shell=True,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    )
    return _PROGRESS.sub("", finished.stdout)


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of the page's own, where its files are written and its commands run."""
    folder = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder
