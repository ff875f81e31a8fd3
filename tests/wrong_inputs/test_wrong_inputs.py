"""Hundreds of wrong inputs: none is silent, each says where and what to do, each proposal works when pasted.

After a change of a text, run ``python tests/wrong_inputs/update.py`` and read the difference.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from prefetchrouter import Request, evaluate
from prefetchrouter.errors import Diagnostic
from prefetchrouter.rules.rule_set import RuleSet
from wrong_inputs.cases import FOLDER, LINE, Case, cases, printed, told
from wrong_inputs.pasting import pasted, proposals

CASES = list(cases())
IN_FILES = [case for case in CASES if not case.is_command]
CURED = [case for case in IN_FILES if case.matches]


def each(several: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.code[:60]) for case in several])


@each(CASES)
def test_a_wrong_input_gets_the_text_that_is_written_down(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text that changes is read again before it is kept."""
    monkeypatch.chdir(tmp_path)
    assert printed(case, tmp_path) == case.says


def test_there_are_many_and_none_is_silent_or_misleading() -> None:
    """From other routers, servers, JavaScript, and slips of all kinds."""
    assert len(CASES) >= 300
    assert not [case.code for case in CASES if not case.says or case.rating < 4]
    assert len({case.code for case in CASES}) == len(CASES)
    assert Counter(case.rating for case in CASES)[5] > 200


@each(IN_FILES)
def test_each_message_names_the_line_and_what_to_do(case: Case, tmp_path: Path) -> None:
    """An expectation or a cure, unless the message itself says which branch or rule is in the way."""
    found, _ = told(case.code, tmp_path)
    assert found
    for diagnostic in found:
        if diagnostic.code != "no-router":
            assert diagnostic.source is not None
            assert diagnostic.source.line >= LINE - 3
        if diagnostic.code != "never-matches" and case.rating == 5:
            assert diagnostic.hint or diagnostic.expected


def cures(case: Case, wrong: Diagnostic, before: set[str], folder: Path) -> list[RuleSet | None]:
    """The rules of every place in which a proposal cures: the message is gone, and no other has come."""
    found: list[RuleSet | None] = []
    for code in pasted(case.code, wrong):
        after, rules = told(code, folder)
        left = {(other.code, other.message) for other in after}
        if (wrong.code, wrong.message) not in left and {message for _, message in left} <= before:
            found.append(rules)
    return found


@each(IN_FILES)
def test_what_a_message_proposes_works_when_it_is_pasted(case: Case, tmp_path: Path) -> None:
    """In the place of what is wrong: the message is gone, there is no new one, and the rule matches."""
    found, _ = told(case.code, tmp_path)
    before = {diagnostic.message for diagnostic in found}
    matched = not case.matches
    for diagnostic in found:
        proposed = list(proposals(diagnostic))
        if not proposed and "did you mean" not in (diagnostic.hint or ""):
            continue
        if case.paste is not None:
            assert all(code.strip("\"'") in case.paste for code in proposed)
            after, rules = told(case.paste, tmp_path)
            assert not after
            ways: list[RuleSet | None] = [rules]
        else:
            ways = cures(case, diagnostic, before, tmp_path)
        assert ways, f"nothing of {diagnostic} cures {case.code}"
        matched = matched or any(all(_is_kept(rules, url) for url in case.matches) for rules in ways)
    assert matched, f"no cure matches {case.matches}"


def _is_kept(rules: RuleSet | None, url: str) -> bool:
    return rules is not None and evaluate(rules, Request(url)).ttl() == "1h"


@pytest.mark.parametrize("code", (FOLDER / "right_inputs.txt").read_text(encoding="utf-8").splitlines())
def test_what_is_right_is_not_warned_of(code: str, tmp_path: Path) -> None:
    """Colons, brackets, stars and signs as real paths, headers and parameters have them."""
    assert [str(found) for found in told(code, tmp_path)[0]] == []
