"""A second edge, small and slow, written from docs/edge-rules.md alone; the embedded edge is held against it.

Nothing in here imports anything of `prefetchrouter`.
"""
