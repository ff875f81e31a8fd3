"""The lines of a file with redirects, or what is wrong with the file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from prefetchrouter.authoring.redirect_table.table_line import wrong_line
from prefetchrouter.errors import Diagnostic, did_you_mean
from prefetchrouter.source import Source

MOST_BYTES = 64 * 1024 * 1024
MOST_LINES = 200_000
MOST_CHARACTERS = 16_384
"""The longest line. Browsers and servers take no longer URLs."""


def lines_of(path: Path, called: Source | None, problems: list[Diagnostic]) -> list[str]:
    """Return the lines of a file without their ends; what is wrong is added to `problems`.

    Args:
        path: The file.
        called: The call that names it.
        problems: Gets an error if the file cannot be used; then there are no lines.

    Example:
        >>> problems = []
        >>> lines_of(Path("no/such/redirects.csv"), Source("routes.py", 3), problems)
        []
        >>> print(problems[0])
        routes.py:3: no/such/redirects.csv: there is no such file; paths count from the folder of the \
routes file [redirect-table]
    """
    try:
        data = _bytes(path)
    except FileNotFoundError:
        near = did_you_mean(path.name, _names(path.parent))
        problems.append(
            wrong_line(
                called,
                f"{_shown(path)}: there is no such file",
                hint=near or "paths count from the folder of the routes file",
            )
        )
        return []
    except OSError as error:
        problems.append(wrong_line(called, f"{_shown(path)} cannot be read: {error.strerror or error}"))
        return []
    return _decoded(data, str(path), problems)


def _bytes(path: Path) -> bytes:
    # A pipe or a device could keep a build waiting for ever, so it is not even opened.
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError("it is not a file")
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _decoded(data: bytes, name: str, problems: list[Diagnostic]) -> list[str]:
    if len(data) > MOST_BYTES:
        problems.append(wrong_line(Source(name, 1), f"the file has more than {MOST_BYTES >> 20} MiB"))
        return []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = 'save it as UTF-8; in Excel as "CSV UTF-8"'
        problems.append(wrong_line(Source(name, 1), "the file is UTF-16", expected="UTF-8", hint=hint))
        return []
    zero = data.find(b"\0")
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        problems.append(
            wrong_line(Source(name, line), "a zero byte: this is not text", expected="UTF-8 text")
        )
        return []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = 'save it as UTF-8; in Excel as "CSV UTF-8"'
        problems.append(
            wrong_line(Source(name, line), f"byte {data[error.start]:#04x} is not UTF-8", hint=hint)
        )
        return []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    if len(lines) > MOST_LINES:
        problems.append(
            wrong_line(Source(name, MOST_LINES + 1), f"the file has more than {MOST_LINES:,} lines")
        )
        return []
    return lines


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _shown(path: Path) -> str:
    return Source(str(path), 1).display_file
