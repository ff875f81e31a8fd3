"""``python -m benchmarks``: what a build, a decision, an explanation and the edge cost."""

from benchmarks import build, edge_load, evaluate, explain
from benchmarks.edge import __main__ as edge

for module in (build, evaluate, explain, edge, edge_load):
    print(f"\n{module.__name__}", flush=True)
    module.main()
