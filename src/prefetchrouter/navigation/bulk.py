"""Makes millions of small objects without a search for cycles among them, which would take a third longer."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_cycles() -> Iterator[None]:
    """Leave the search for cycles out in a block, or in a function that this decorates.

    What is made of logs is tuples of numbers and text: counting references is enough.

    Example:
        >>> with without_cycles():
        ...     gc.isenabled()
        False
        >>> gc.isenabled()
        True
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
