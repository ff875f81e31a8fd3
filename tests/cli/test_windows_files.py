"""Files as Windows writes them, with CRLF: rules, tables and configurations mean the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import prefetchrouter
from prefetchrouter.cli import main

PACKAGE = Path(prefetchrouter.__file__).parent
ROUTES = """\
from prefetchrouter import Router

PAGE = \"\"\"<!doctype html>
<title>Tea</title>
\"\"\"
router = (
    Router()
    .redirects("moved.csv")
    .match("/a/:id", caching={"max_age": "1h"})  # prefetchrouter: ignore[lint/never-wins] in December
    .match("/a/:name", lambda route: route.send(PAGE, 200), caching={"max_age": "2h"})
)
"""
MOVED = "from,to\n/old,/new\n/older,/new\n"
FILES = {
    "_redirects": "/home /\n/news/* /blog/:splat\n",
    "_headers": "/*\n  X-A: b\n",
    "nginx.conf": 'location /a {\n  add_header x-a "b c" always;\n  return 301 /b;\n}\n',
    "vercel.json": '{\n  "redirects": [{"source": "/a", "destination": "/b"}]\n}\n',
    "netlify.toml": '[[redirects]]\nfrom = "/a"\nto = "/b"\n',
}


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command; return what it prints."""
    assert main([*words]) == 0, capsys.readouterr()
    return capsys.readouterr().out


def test_rules_with_crlf_build_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same places, and comments that suppress findings."""
    built = []
    for newline in ("\n", "\r\n"):
        folder = tmp_path / repr(newline)
        folder.mkdir()
        monkeypatch.chdir(folder)
        Path("routes.py").write_text(ROUTES, encoding="utf-8", newline=newline)
        Path("moved.csv").write_text(MOVED, encoding="utf-8", newline=newline)
        said = [printed(capsys, *words.split()) for words in ("build", "lint", "explain /old")]
        built.append((said, [path.read_bytes() for path in sorted(Path("dist").iterdir())]))
    assert built[0] == built[1]
    assert not any(b"\r" in text for text in built[0][1])


@pytest.mark.parametrize("name", FILES)
def test_rules_of_other_products_with_crlf_are_read_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    product = {"_redirects": "netlify", "_headers": "netlify"}.get(name)
    written = []
    for newline in ("\n", "\r\n"):
        Path(name).write_text(FILES[name], encoding="utf-8", newline=newline)
        written.append(printed(capsys, "import", name, *(["--from", product] if product else [])))
    assert written[0] == written[1]
    assert "not imported" not in written[0]


UNIX_ONLY = {"engines/varnish_engine.py", "engines/nginx_cache.py", "importing/nginx_conf.py"}
"""They write files for programs that read either kind of line, or that Windows does not have."""


def test_text_is_written_with_our_newlines_and_read_as_utf8() -> None:
    """Whatever the system's own are: each call names both."""
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            named = {keyword.arg for keyword in node.keywords}
            if node.func.attr == "write_text" and not ({"encoding", "newline"} <= named or name in UNIX_ONLY):
                wrong.append(f"{name}:{node.lineno}")
            if node.func.attr == "read_text" and "encoding" not in named and not node.args:
                wrong.append(f"{name}:{node.lineno}")
    assert wrong == []
