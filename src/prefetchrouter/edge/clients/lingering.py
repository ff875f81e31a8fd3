"""The end of a connection, so that the last answer on it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Lingering:
    """A transport as responses see it: closed so that the client still gets what was written.

    Args:
        transport: The transport.
        end: Closes it once the client has read what was written.

    Source: RFC 9112, section 9.6.
    """

    __slots__ = ("close", "is_closing", "write")

    def __init__(self, transport: asyncio.Transport, end: Callable[[], None]) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = end
