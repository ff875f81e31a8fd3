"""Sizes such as "14kB": one whole number and one unit of bytes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from prefetchrouter.errors import SizeError, shown
from prefetchrouter.rules.quantity import MOST_DIGITS, reader

UNITS: Final = {
    "B": 1,
    **{f"{prefix}B": 1000**power for power, prefix in enumerate(["k", "M", "G", "T"], 1)},
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate(["k", "M", "G", "T"], 1)},
}
"""Bytes in each unit: kB is 1000 bytes, kiB is 1024."""

_EXPECTED = f'a whole number and one unit ({", ".join(UNITS)}), such as "14kB"'
_LOOSE = re.compile(r"\+?([0-9]+)(?:\.0+)?[ _]*([kmgt]?)(i?)(?:b|bytes?)?", re.IGNORECASE)


_read = reader("{count:Count}{unit:Unit}", Count="[0-9]+", Unit="(?:[kMGT]i?)?B")


class Size(str):
    """A number of bytes as text, such as "14kB", that also knows its bytes.

    Args:
        text: A whole number and one unit: B, kB, MB, GB, TB (powers of 1000), kiB, MiB, GiB or TiB (of 1024).

    Raises:
        SizeError: The text has another form; the error proposes the nearest right one.

    Example:
        >>> Size("14kB").bytes, Size("1MiB").bytes
        (14000, 1048576)
        >>> Size("14 KB")
        Traceback (most recent call last):
        ...
        prefetchrouter.errors.SizeError: "14 KB" is not a size; expected a whole number and one unit \
(B, kB, MB, GB, TB, kiB, MiB, GiB, TiB), such as "14kB"; did you mean "14kB"? [size]
    """

    __slots__ = ("_bytes",)
    _bytes: int

    def __new__(cls, text: str) -> Size:
        """Return the size that a text means."""
        return size(text)

    @property
    def bytes(self) -> int:
        """The number of bytes.

        Example:
            >>> Size("1kB").bytes
            1000
        """
        return self._bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return _interned, (str(self),)


def size(value: object) -> Size:
    """Return any value as a `Size`.

    Raises:
        SizeError: The value is not the text of a size.

    Example:
        >>> size("1kB").bytes
        1000
    """
    if isinstance(value, str) and (found := _interned(str.__str__(value))) is not None:
        return found
    raise _not_a_size(value)


@lru_cache(maxsize=256)
def _interned(text: str) -> Size | None:
    parts = _read(text)
    if parts is None or len(parts[0]) > MOST_DIGITS:
        return None
    made = str.__new__(Size, text)
    made._bytes = int(parts[0]) * UNITS[parts[1]]
    return made


def _not_a_size(value: object) -> SizeError:
    proposal = None
    message = f"{shown(value)} is not a size"
    if type(value) is int and 0 <= value < 10**MOST_DIGITS:
        proposal = f"{value}B"
    elif isinstance(value, str):
        if re.match(rf"[0-9]{{{MOST_DIGITS + 1}}}", value):
            message += f": it has more than {MOST_DIGITS} digits"
        elif loose := _LOOSE.fullmatch(value[:60].strip()):
            count, prefix, binary = loose.groups()
            prefix = "k" if prefix in {"k", "K"} else prefix.upper()
            proposal = f"{int(count)}{prefix}{binary.lower() if prefix else ''}B"
    hint = f'did you mean "{proposal}"?' if proposal else None
    return SizeError.of("size", message, expected=_EXPECTED, hint=hint)
