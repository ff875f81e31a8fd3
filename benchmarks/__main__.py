"""``python -m benchmarks``: what a build, a decision and an explanation cost."""

from benchmarks import build, evaluate, explain

for module in (build, evaluate, explain):
    print(f"\n{module.__name__}")
    module.main()
