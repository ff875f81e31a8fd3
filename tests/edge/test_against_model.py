"""The edge beside a small model of it: random rules and requests, equal answers and equal origin traffic."""

from __future__ import annotations

import ast
import asyncio
import sys
from pathlib import Path

from hypothesis import event, given

from edge.model.random_rules import rule_lists
from edge.model.random_steps import Step, sequences
from edge.model.rules import Rule
from edge.pair import Pair
from strategies.effort import times

MODEL = Path(__file__).parent / "model"


@times(10)
@given(rule_lists(), sequences())
def test_the_edge_does_what_the_model_does(rules: list[Rule], steps: list[Step]) -> None:
    pair = Pair(rules)
    asyncio.run(pair.follow(steps))
    for outcome in set(pair.outcomes):
        event(outcome)


def test_the_model_shares_no_code_with_the_edge() -> None:
    files = sorted(MODEL.glob("*.py"))
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            for name in names:
                root = name.split(".")[0]
                own = name.startswith("edge.model")
                assert own or root == "hypothesis" or root in sys.stdlib_module_names, f"{file.name}: {name}"
