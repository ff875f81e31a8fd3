"""Comparisons with recorded programs, which may not be published: only their authors have them.

What they prove is proven in any clone by tests of our own, with cases that were written anew: `tests/rules`,
`tests/evaluation`, `tests/authoring` and `tests/browser_view`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import corpus, reference

_REASON = (
    "compares with recorded programs (shared/{folder}) that only the authors have; they may not be published"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Report each comparison that cannot run without these folders; `pytest` lists them with the reason."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        for folder in (corpus.FOLDER, reference.FOLDER):
            if not folder.is_dir():
                item.add_marker(pytest.mark.skip(reason=_REASON.format(folder=folder.name)), append=False)
