"""State shared by `get` in tests and the pytest plugin that reports on them.

It must be light to import: pytest loads the plugin in every project.
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
        """The routes file that `get` uses; None outside of a test."""
        self.unsupported_conditions: UnsupportedConditions | None = None
        """Overrides the setting of the property in routes files."""
        self.verdicts: list[Verdict] = []
        """All verdicts that the test got."""
        self.answers: list[Answer] = []
        """All answers that the test got."""

    @cached_property
    def coverage(self) -> Coverage:
        """Which rules the tests reached."""
        from prefetchrouter.testing.coverage import Coverage

        return Coverage()

    def start_test(self, routes: Path | None) -> None:
        """Reset the state for a new test, and use this routes file."""
        self.routes = routes
        self.verdicts.clear()
        self.answers.clear()

    @property
    def has_asked(self) -> bool:
        """Whether any test evaluated a request."""
        return "coverage" in self.__dict__


session = Session()
"""The state of this process."""
