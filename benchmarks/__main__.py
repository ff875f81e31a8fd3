"""``python -m benchmarks``: what a build costs."""

from benchmarks.build import main

main()
