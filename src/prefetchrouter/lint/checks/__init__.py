"""The checks of this package, one in each file; `docs/errors/lint/` has a page for each code."""
