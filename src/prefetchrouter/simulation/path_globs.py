"""Paths with ``*``, as an option of the command has them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PathGlob:
    """Paths in which ``*`` stands for any text.

    Args:
        text: Such as ``"/blog/*"``.

    Example:
        >>> PathGlob("/blog/*").matches("/blog/a/b"), PathGlob("/blog").matches("/blog/a")
        (True, False)
    """

    text: str
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Several stars in a row are one: each more would only cost time.
        parts = re.split(r"\*+", self.text)
        object.__setattr__(self, "_regex", re.compile(".*".join(map(re.escape, parts)), re.DOTALL))

    def matches(self, path: str) -> bool:
        """Return whether a path is one of these."""
        return self._regex.fullmatch(path) is not None
