"""Measurements. Each module is one command; ``python -m benchmarks`` runs them all."""
