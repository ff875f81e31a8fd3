"""A toy target, as a newcomer would write one: a folder and a golden file."""

from __future__ import annotations

from pathlib import Path

import pytest

from prefetchrouter import Router, build, load
from prefetchrouter.errors import UnsupportedError
from targets.toy import HeadersFile

GOLDEN = Path(__file__).parent / "toy" / "headers.golden"


def test_it_prints_its_golden_file(tmp_path: Path) -> None:
    """The rules stand above the line, what is printed of them below."""
    rules, _, wanted = GOLDEN.read_text(encoding="utf-8").partition("----------\n")
    (tmp_path / "routes.py").write_text(rules, encoding="utf-8")
    built = build(load(tmp_path / "routes.py").rule_set, targets=[HeadersFile()])
    assert built["_headers"] == wanted
    assert [found.code for found in built.warnings] == ["approximate", "approximate"]


UNSUPPORTED = {
    'match("/a", url={"url_redirect": {"destination": "/b"}})': "url.url_redirect",
    'match({"path": "/a", "cookies": {"c": "1"}}, {})': 'the variable "request.cookie.c"',
    'match({"path": re.compile("^/a")}, {})': 'the operator "=~"',
    'match({"path": "/a", "method": "GET"}, {})': 'the construct "and"',
    'match(or_({"path": exact("/a")}, {"path": exact("/b")}), {})': 'the construct "or"',
    'if_("/a", {}).elif_("/b", {})': 'the construct "elif"',
    'if_("/a", {}).else_({})': 'the construct "else"',
    'match("/a", Router().match("/a/b", {}))': 'the construct "nested"',
    'match("/a", headers={"set_response_headers": {"headers": {"x-a": "1"}, "execute_on_shield": True}})': (
        "headers.set_response_headers.execute_on_shield (there is no shield)"
    ),
}
"""Rules that it cannot express, each with what of it."""


@pytest.mark.parametrize(("call", "what"), UNSUPPORTED.items())
def test_what_it_cannot_express_is_an_error_with_the_line(call: str, what: str, tmp_path: Path) -> None:
    """There is no line of code for that in the target."""
    file = tmp_path / "routes.py"
    file.write_text(
        f"import re\nfrom prefetchrouter import Router, exact, or_\nrouter = Router()\nrouter.{call}\n"
    )
    with pytest.raises(UnsupportedError) as raised:
        build(load(file).rule_set, targets=[HeadersFile()])
    (found, *_) = [found for found in raised.value.diagnostics if what in found.message]
    assert (found.code, found.severity) == ("unsupported", "error")
    assert found.source is not None
    assert (found.source.file, found.source.line) == (str(file), 4)


def test_everything_it_cannot_express_is_reported_at_once() -> None:
    """Errors first; each use once."""
    router = Router()
    for path in ("/a", "/b"):
        router.match(path, caching={"max_age": "1h"}, url={"url_redirect": {"destination": "/b"}})
    with pytest.raises(UnsupportedError) as raised:
        build(router, targets=[HeadersFile()])
    found = raised.value.diagnostics
    assert [each.code for each in found] == ["unsupported", "unsupported", "approximate"]
    assert len({each.source for each in found}) == 1
