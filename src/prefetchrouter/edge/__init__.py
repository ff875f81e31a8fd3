"""The embedded edge: a shared cache that obeys a rule set, for laptops, tests and comparison with real edges.

`docs/edge.md` shows how it is started, `docs/edge-rules.md` how it decides.
"""
