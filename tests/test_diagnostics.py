"""Diagnostics: open codes, spans, paths and fixes."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from pathlib import Path
from typing import get_args

import pytest

import prefetchrouter
from prefetchrouter import Router, build, cli, load
from prefetchrouter.diagnostics import Code, Diagnostic, Fix
from prefetchrouter.errors import PrefetchRouterError, RoutesError, UnsupportedError
from prefetchrouter.report.diagnostic_lines import diagnostic_text, diagnostics_json
from prefetchrouter.report.table import Style
from prefetchrouter.source import Source, Span
from prefetchrouter.targets import FULL, Artifact, Job, SupportTable, Target

ROUTES = """\
from prefetchrouter import Router

router = (
    Router()
    .match("/käse/:id", {"cachng": {"max_age": "1h"}})
    .match(
        "/b",
        caching={"max_agee": "1h"},
    )
)
router.match({"pth": "/c"}, {})
"""


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    """The errors of the routes file."""
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES, encoding="utf-8")
    with pytest.raises(RoutesError) as raised:
        load("routes.py")
    return raised.value.diagnostics


def written(span: Span) -> str:
    """What stands at a span of the routes file."""
    lines = ROUTES.splitlines()[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def test_a_span_is_the_call_in_characters(found: tuple[Diagnostic, ...]) -> None:
    """From the method in a chain of several lines; letters outside ASCII count once."""
    spans = [each.source.span for each in found if each.source and each.severity == "error"]
    assert [written(span) for span in spans if span] == [
        'match("/käse/:id", {"cachng": {"max_age": "1h"}})',
        'match(\n        "/b",\n        caching={"max_agee": "1h"},\n    )',
        'router.match({"pth": "/c"}, {})',
    ]


def test_a_fix_replaces_exactly_what_was_misspelled(found: tuple[Diagnostic, ...]) -> None:
    """The text at its span is the old one."""
    fixes = [each.fix for each in found]
    assert [(fix.old, fix.new) for fix in fixes if fix] == [
        ("cachng", "caching"),
        ("max_agee", "max_age"),
        ("pth", "path"),
    ]
    assert [written(fix.span) for fix in fixes if fix and fix.span] == ['"cachng"', '"max_agee"', '"pth"']


def test_a_text_that_stands_twice_has_no_place(tmp_path: Path) -> None:
    """No one could say which is meant."""
    file = tmp_path / "routes.py"
    file.write_text("from prefetchrouter import Router\nrouter = Router().match('cachng', {'cachng': {}})\n")
    with pytest.raises(PrefetchRouterError) as raised:
        load(file)
    fixes = [each.fix for each in raised.value.diagnostics if each.code == "unknown-feature"]
    assert fixes == [Fix("cachng", "caching")]


def test_json_has_span_path_fix_and_page(
    found: tuple[Diagnostic, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """For editors and programs."""
    assert cli.main(["build", "--format", "json"]) == 1
    first, second, _ = json.loads(capsys.readouterr().out)["errors"]
    assert first["span"] == {"line": 5, "column": 6, "end_line": 5, "end_column": 55}
    assert first["fix"] == {
        "old": "cachng",
        "new": "caching",
        "span": {"line": 5, "column": 26, "end_line": 5, "end_column": 34},
    }
    assert second["path"] == ["caching"]
    assert second["page"] == "docs/errors/unknown-feature.md"


def test_the_path_is_data_and_part_of_the_text() -> None:
    """What is inside what, from the outside in."""
    inner = Diagnostic("duration", '"1hr" is wrong', path=("max_age", "404"))
    outer = inner.inside("rules", 3).inside()
    assert outer.path == ("rules", 3, "max_age", "404")
    assert outer.text == 'rules[3].max_age.404: "1hr" is wrong'
    assert outer.within("--fact").text == f"--fact: {outer.text}"


def test_a_source_is_its_line_wherever_it_came_from() -> None:
    """Columns make no difference to equality, and are not carried into other processes."""
    (rule,) = Router().match("/a", {}).rules
    source = rule.source
    assert source is not None
    assert source.span is not None
    for same in (Source(source.file, source.line), pickle.loads(pickle.dumps(source)), copy.deepcopy(source)):
        assert (same, hash(same), same.span) == (source, hash(source), None)


class Acme(Target):
    """Has its own limit, with a code and its own page."""

    name = "acme"
    summary = "At most one rule."
    support = SupportTable(otherwise=FULL)

    def print(self, job: Job) -> list[Artifact]:
        for rule in job.rules[1:]:
            page = "https://acme.example/quota"
            job.report(Diagnostic("acme/quota", "one rule is all you get", rule.source, page=page))
        return []


def test_another_package_brings_its_own_code_with_its_page() -> None:
    """It is shown like ours."""
    with pytest.raises(UnsupportedError) as raised:
        build(Router().match("/a", {}).match("/b", {}), targets=[Acme()], unsupported="ignore")
    (found,) = raised.value.diagnostics
    assert diagnostic_text(found, Style(enabled=False)).splitlines()[1:] == [
        "  see https://acme.example/quota"
    ]
    assert diagnostics_json([found])[0]["page"] == "https://acme.example/quota"
    assert not found.is_ours


def test_the_package_itself_uses_only_codes_that_have_a_page() -> None:
    """Wherever one is written in its source."""
    used = set()
    for path in Path(prefetchrouter.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = ast.unparse(node.func)
                if name == "Diagnostic" or name.endswith("Error.of"):
                    used.add(node.args[0].value)
    assert used <= set(get_args(Code))
    assert len(used) > 30
