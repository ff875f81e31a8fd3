"""The reference of the Python API: printed from the code, with nothing public left out."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import griffe
import pytest

from docs.blocks import ROOT, blocks, section

sys.path.insert(0, str(ROOT / "scripts"))

import api_markdown
import make_api

CODE = '''
def taking(one, /, two: int = 1, *rest: str, three="a", **others: int) -> None:
    """Promise, over
    two lines.

    See `docs/criteria.md`, and ``Router``.

    Args:
        two: What
            it is.

    Raises:
        KeyError, ValueError: When.

    Example:
        >>> 1
        1
    """
'''

PAGES = sorted(path for path in (ROOT / "docs/api").glob("*.md") if path.name != "index.md")


@pytest.fixture
def printed(tmp_path: Path) -> str:
    """What the printer makes of one function."""
    (tmp_path / "one.py").write_text(CODE, encoding="utf-8")
    loaded = griffe.load("one", search_paths=[tmp_path], docstring_parser="google")
    return "\n\n".join(api_markdown.entry("taking", loaded["taking"], None))


def test_a_signature_keeps_the_marks_of_how_arguments_are_passed(printed: str) -> None:
    """Quotation marks are those of our code."""
    (signature, _) = blocks(printed)
    (made,) = ast.parse(f"def {signature.text.strip()}: ...").body
    (written,) = ast.parse(CODE).body
    assert isinstance(made, ast.FunctionDef)
    assert isinstance(written, ast.FunctionDef)
    assert ast.unparse(made.args) == ast.unparse(written.args)
    assert 'three="a"' in signature.text


def test_a_docstring_is_printed_part_by_part(printed: str) -> None:
    """Its references to pages are links."""
    assert "Promise, over two lines." in printed
    assert "See [criteria](../criteria.md), and `Router`." in printed
    assert "**Arguments**\n\n- `two`: What it is." in printed
    assert "**Raises**\n\n- `KeyError`, `ValueError`: When." in printed
    assert blocks(printed)[1].text == ">>> 1\n1\n\n"


def test_a_public_name_without_a_page_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds one has to say where it belongs."""
    rest = {name: page for name, page in make_api.PAGES.items() if name != "errors"}
    monkeypatch.setattr(make_api, "PAGES", rest)
    with pytest.raises(ValueError, match="RequestError"):
        make_api.pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_public_name_has_a_promise(page: Path) -> None:
    """A sentence follows the heading, or the signature below it."""
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"^## (.+)$", text, re.M):
        assert re.search(r"^[A-Z][^|]+\.$", section(text, name), re.M), name
