"""What a rule set means: `evaluate` says what a request gets, and which line decided it.

`docs/evaluate.md` shows the decision, `docs/rule-language.md` what conditions mean.
"""

from prefetchrouter.evaluation.decision import Decision, Dependency, Matched
from prefetchrouter.evaluation.downstream import Redirect, Synthetic
from prefetchrouter.evaluation.engine import Evaluator, RulePass, evaluate, evaluator_of
from prefetchrouter.evaluation.merge import Value

__all__ = [
    "Decision",
    "Dependency",
    "Evaluator",
    "Matched",
    "Redirect",
    "RulePass",
    "Synthetic",
    "Value",
    "evaluate",
    "evaluator_of",
]
