"""What is remembered between a test's questions and the pytest plugin that reports on them.

Light to import, since the plugin always is; the rest loads once a test asks.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefetchrouter.rules.typed_property import UnsupportedConditions
    from prefetchrouter.testing.answer import Answer, Verdict
    from prefetchrouter.testing.coverage import Coverage


class Session:
    """The state of a test run."""

    def __init__(self) -> None:
        self.routes: Path | None = None
        """The routes file that `get` and the like ask; None outside of a test."""
        self.unsupported_conditions: UnsupportedConditions | None = None
        """Overrides the setting of the property in routes files."""
        self.verdicts: list[Verdict] = []
        """Every verdict that the test was given."""
        self.answers: list[Answer] = []
        """Every answer that the test was given."""

    @cached_property
    def coverage(self) -> Coverage:
        """Which rules the tests reached."""
        from prefetchrouter.testing.coverage import Coverage

        return Coverage()

    def start_test(self, routes: Path | None) -> None:
        """Forget the test before, and ask this file from now on."""
        self.routes = routes
        self.verdicts.clear()
        self.answers.clear()

    @property
    def has_asked(self) -> bool:
        """Whether any test asked anything."""
        return "coverage" in self.__dict__


session = Session()
"""The one of this process."""
