"""These tests compare with recorded programs and tables that lie beside the repository of their authors."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import corpus, reference


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say aloud what does not run in a clone without these folders."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        for folder in (corpus.FOLDER, reference.FOLDER):
            if not folder.is_dir():
                item.add_marker(
                    pytest.mark.skip(reason=f"shared/{folder.name} is not beside this clone"), append=False
                )
