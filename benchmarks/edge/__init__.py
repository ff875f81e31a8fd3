"""``python -m benchmarks.edge``: what the edge costs: processor time, requests a second, memory.

Its modules:

    earlier.py   against an earlier commit, in the same run      hello.py   against the server library alone
    measuring.py   rounds in turn, and the medians over them
"""
