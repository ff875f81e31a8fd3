"""Opens access logs: compressed or not, of any known format, which the first readable line shows."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

from prefetchrouter.errors import NavigationError, shown
from prefetchrouter.navigation.field_lines import Parse, json_line, table_parser, w3c_parser
from prefetchrouter.navigation.log_line import LogLine
from prefetchrouter.navigation.quoted_lines import quoted_line
from prefetchrouter.source import Source

MOST_LINE: Final = 64 * 1024
"""In characters. Longer lines are unreadable; of one that is longer than a block, only a part is held."""
_BLOCK: Final = 1024 * 1024
_MOST_LINES_BEFORE: Final = 100
"""How many lines of something else may stand before the first that shows the format."""
_GZIP: Final = b"\x1f\x8b"
_OTHER_COMPRESSIONS: Final = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"PK\x03\x04": "zip",
}

Progress = Callable[[int, int], None]
"""Called with the bytes read of a file, as they are on the disk, and its size."""


class ReadLine(NamedTuple):
    """A line of a log.

    Args:
        number: Its number in the file, from 1.
        line: The request, None if the line is unreadable.
        text: The line, unchanged.
    """

    number: int
    line: LogLine | None
    text: str


class LogFile:
    """An access log, whose format its first readable line shows.

    Args:
        path: The file.
        progress: Called after each block.

    Raises:
        NavigationError: It cannot be read, or is compressed in another way than gzip.
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path = path
        self.format: str = "empty"
        """``"combined"``, ``"common"``, ``"JSON lines"``, ``"W3C"``, ``"CloudFront"``, ``"table"``."""
        self._progress = progress
        self._parse: Parse = quoted_line
        self._is_found = False

    def __iter__(self) -> Iterator[ReadLine]:
        """Yield each line but empty ones, and those that hold no request by their format."""
        number = 0
        looked_at = 0
        for block in text_blocks(self.path, self._progress):
            for text in block:
                number += 1
                if not text or text.isspace():
                    continue
                if not self._is_found and looked_at < _MOST_LINES_BEFORE:
                    looked_at += 1
                    if self._is_header(text):
                        continue
                if text[0] == "#" and self.format in ("W3C", "CloudFront"):
                    self._read_directive(text)
                    continue
                yield ReadLine(number, self.parse(text), text)

    def parse(self, text: str) -> LogLine | None:
        """Return the request of a line, or None if it is unreadable."""
        return self._parse(text) if len(text) <= MOST_LINE else None

    def find_format(self) -> None:
        """Read as far as the first line that shows the format."""
        next((line for line in self if self._is_found), None)

    def _is_header(self, text: str) -> bool:
        """Find the format by a line; return whether that line holds no request.

        A line that shows none is one of the program that writes the log, such as where it listens.
        """
        self._is_found = True
        if text.startswith("#"):
            self.format, self._parse = "W3C", _unreadable
            self._read_directive(text)
            return True
        if text.lstrip().startswith("{"):
            self.format, self._parse = "JSON lines", json_line
            return False
        table = table_parser(text)
        if table is not None:
            self.format, self._parse = "table", table
            return True
        self.format = "combined" if text.count('"') > 3 else "common"
        self._is_found = self.parse(text) is not None
        return False

    def _read_directive(self, text: str) -> None:
        name, colon, rest = text.partition(":")
        if name.lower() == "#fields" and colon:
            fields = rest.split()
            is_tabbed = "x-edge-location" in fields or "\t" in rest
            self.format = "CloudFront" if is_tabbed else "W3C"
            self._parse = w3c_parser(fields, is_tabbed=is_tabbed)


def _unreadable(text: str) -> None:
    return None


def text_blocks(path: Path, progress: Progress | None = None) -> Iterator[list[str]]:
    """Yield the lines of a file, some thousand at a time; what is not UTF-8 is replaced.

    A line that is longer than a block lacks its middle, and is longer than `MOST_LINE` nonetheless.

    Raises:
        NavigationError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            rest, is_cut = b"", False
            for block in _blocks(path, file):
                head, newline, tail = (rest + block).rpartition(b"\n")
                if newline:
                    yield _lines(head)
                    is_cut = False
                if is_cut:
                    tail = rest
                rest, is_cut = tail[: 4 * MOST_LINE + 4], is_cut or len(tail) > 4 * MOST_LINE
                if progress is not None:
                    progress(file.tell(), size)
            if rest:
                yield _lines(rest)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it cannot be decompressed"
        raise NavigationError.of(
            "log-file", f"{shown(str(path))} cannot be read: {reason}", source=Source(str(path), 1),
            expected="an access log, as text or compressed with gzip",
        ) from None  # fmt: skip


def _lines(block: bytes) -> list[str]:
    """Return the lines of a block; a carriage return ends one, too, with or without a line feed."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return block.decode("utf-8", "replace").split("\n")


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed with gzip.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def _blocks(path: Path, file: IO[bytes]) -> Iterator[bytes]:
    start = file.read(6)
    for mark, name in _OTHER_COMPRESSIONS.items():
        if start.startswith(mark):
            raise OSError(0, f"it is compressed with {name}")
    file.seek(0)
    stream = cast("io.BufferedIOBase", gzip.GzipFile(fileobj=file) if start.startswith(_GZIP) else file)
    while block := stream.read(_BLOCK):
        yield block
