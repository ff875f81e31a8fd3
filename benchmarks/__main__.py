"""``python -m benchmarks``: what a build, a decision, an explanation, the edge and other engines cost.

It exits with 1 when a bound is missed, after all of them.
"""

import sys

from benchmarks import build, edge_load, evaluate, explain, redirects, review
from benchmarks.edge import __main__ as edge
from benchmarks.targets import __main__ as targets

missed = []
for module in (build, evaluate, explain, redirects, review, edge, edge_load, targets):
    print(f"\n{module.__name__}", flush=True)
    if module.main():
        missed.append(module.__name__)
if missed:
    sys.exit(f"missed its bound: {', '.join(missed)}")
