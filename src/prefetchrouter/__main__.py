"""``python -m prefetchrouter``, and the script ``prefetchrouter``."""

from __future__ import annotations

import gc
import sys


def program() -> int:
    """Run a command as a program of its own: short-lived, so nothing it makes is garbage before the end."""
    gc.disable()
    from prefetchrouter.cli import main

    code = main()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(program())
