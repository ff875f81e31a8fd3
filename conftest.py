"""How the tests run: what is an example, how hard property tests try, and which tests stay together.

`HYPOTHESIS_PROFILE=thorough pytest` takes minutes instead of seconds.
"""

from __future__ import annotations

import doctest
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sybil import Sybil
from sybil.parsers.doctest import DocTestParser
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

import machine
from documentation import FileParser, TranscriptParser, page_folder

__all__ = ["page_folder"]

_pages = Sybil(
    [
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS),
        FileParser(),
        TranscriptParser(),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/*/*.md", "docs/*/*/*.md"],
    fixtures=["page_folder"],
)
_docstrings = Sybil([DocTestParser(optionflags=doctest.ELLIPSIS)], path="src", pattern="*.py")

pytest_collect_file = (_pages + _docstrings).pytest()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file on one worker: the examples of a page build on each other.

    Of `.case` files, those of an engine stay together: they run several at once.
    """
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, engine = nodeid.partition("::")
            return f"cases on {engine}" if file.endswith((".case", "cases/runners/registry.py")) else file

    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing, with the reason; in `make test` it fails."""
    machine.check(item)


_SLOW_START = [HealthCheck.too_slow]

settings.register_profile("quick", deadline=None, max_examples=60, suppress_health_check=_SLOW_START)
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "quick"))
