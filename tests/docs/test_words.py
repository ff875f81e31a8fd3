"""The project's text uses the words of its field: phrases that readers had to translate do not come back."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PHRASES = {
    r"\bnobody\b": '"no rule", "no cache", "unused"',
    r"(?<!\bthere )\b(?:is|are) none\b(?! of)": '"invalid", "is not a ..."',
    r"\bfits?\b": '"matches"',
    r"\bof (?:its|their) own\b": '"its own", "separate"',
    r"\bhears? of\b|\bheard of\b": '"gets a request", "is notified"',
    r"\bleads? nowhere\b": '"unreachable", "unknown"',
    r"\bas (?:it|they) stands?\b": '"unchanged", "literally"',
    r"\bhardly meant\b|\bhardly (?:says|means) what\b": '"probably a mistake"',
    r"\bstood[ _]for\b": '"replaced", "unwrapped"',
    r"\b(?:is|are|was|were|be) told\b": '"gets", "is notified", "reported"',
    r"\btells? of\b|\btold of\b": '"reports", "lists"',
    r"\bway to prefetch\b": '"mechanism"',
    r"\bno sound request\b": '"invalid request"',
    r"\ball is well\b": '"success"',
    r"\bbegins? with the next\b": '"starts"',
    r"\bkeeps? copies\b|\bkept copies\b": '"stores responses", "stored responses"',
    r"\bmisspelt\b": '"misspelled"',
}
"""Phrases, each with what to write instead."""

EXCEPTIONS = {
    ("docs/browser-faults.md", "fits"),
    ("src/prefetchrouter/templates/pages/cache.html.j2", "is none"),  # a test of jinja2
}
"""Places where the words are right."""


def files() -> Iterator[Path]:
    """Yield the files whose text users and contributors read."""
    yield from (ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md")
    yield from sorted((ROOT / "docs").rglob("*.md"))
    for folder, pattern in (
        ("src/prefetchrouter", "*.py"),
        ("src/prefetchrouter", "*.j2"),
        ("browser/src", "*.ts*"),
        ("worker/src", "*.ts"),
        ("examples", "*.py"),
        ("scripts", "*.py"),
        ("benchmarks", "*.py"),
        ("tests", "*.py"),
    ):
        yield from sorted((ROOT / folder).rglob(pattern))


def prose(path: Path) -> str:
    """Return the text of a file that people read.

    Of Python these are comments and strings; of tests the names of functions, docstrings and comments, since
    other strings are data.
    """
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return text
    if path.is_relative_to(ROOT / "tests"):
        return "\n".join(_sentences(text))
    parts = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type in (tokenize.COMMENT, tokenize.STRING)
    ]
    return "\n".join(parts)


def _sentences(text: str) -> Iterator[str]:
    """Yield the names of functions, with blanks, and the docstrings and comments of a test module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            yield ast.get_docstring(node) or ""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name.replace("_", " ")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def found_in(path: Path) -> list[str]:
    """Return the phrases in a file, each with what to write instead."""
    text, name = prose(path), path.relative_to(ROOT).as_posix()
    return [
        f"{name}: {match[0]!r}: write {instead}"
        for phrase, instead in PHRASES.items()
        for match in re.finditer(phrase, text)
        if (name, match[0]) not in EXCEPTIONS
    ]


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in files()]
)
def test_text_uses_the_words_of_the_field(path: Path) -> None:
    """A reader who knows HTTP caching and Python has nothing to translate."""
    assert found_in(path) == []
