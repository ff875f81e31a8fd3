"""Measurements; each module is one command, ``python -m benchmarks`` runs the build's."""
