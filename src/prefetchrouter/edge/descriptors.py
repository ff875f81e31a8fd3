"""File descriptors: their limit, the share of clients and origins, and whether they are exhausted."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import Final

EXHAUSTED: Final = (errno.EMFILE, errno.ENFILE)
"""The error numbers that mean that no descriptor is left, for the process or for the machine."""

_WANTED: Final = 65_536
"""The limit that is set where there is no hard limit."""
_OTHERWISE: Final = 10_000
_MOST_RESERVED: Final = 512


def raise_limit() -> int:
    """Raise the soft limit of this process to the hard one, and return what it is then.

    Shells and service managers set it to 1,024 for programs that cannot have more; the hard one is what the
    machine allows.
    """
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _WANTED if hard == resource.RLIM_INFINITY else hard
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return limit_of_descriptors()


def limit_of_descriptors() -> int:
    """Return how many descriptors this process may open."""
    if sys.platform == "win32":
        return _OTHERWISE
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _WANTED if soft == resource.RLIM_INFINITY else soft


def max_client_connections() -> int:
    """Return how many clients may be connected: a quarter of the descriptors is for origins and files."""
    limit = limit_of_descriptors()
    return max(4, limit - _open_now() - min(limit // 4, _MOST_RESERVED))


def max_origin_connections() -> int:
    """Return how many connections to one host of an origin are allowed; further requests wait."""
    return max(2, min(limit_of_descriptors() // 4, _MOST_RESERVED) * 3 // 4)


def descriptors_exhausted(error: BaseException | None = None) -> bool:
    """Return whether no descriptor is left: by an error, or else by trying to open one.

    Name resolution hides why it failed, so the error alone is not enough.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in EXHAUSTED:
            return True
        error = getattr(error, "os_error", None) or error.__cause__
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as failure:
        return failure.errno in EXHAUSTED
    return False


def _open_now() -> int:
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return 32
