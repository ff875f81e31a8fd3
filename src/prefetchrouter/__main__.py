"""``python -m prefetchrouter``, and the script ``prefetchrouter``."""

from __future__ import annotations

import gc
import sys
import warnings


def program() -> int:
    """Run a command in a separate, short-lived process: garbage collection would only cost time."""
    gc.disable()
    if not sys.warnoptions:  # Python hides them from programs; whoever keeps the routes file is to see them
        warnings.filterwarnings("default", message=r"prefetchrouter\.", category=DeprecationWarning)
    from prefetchrouter.cli import main

    code = main()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(program())
