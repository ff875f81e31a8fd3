"""``python -m prefetchrouter``, and the script ``prefetchrouter``."""

from __future__ import annotations

import gc
import os
import sys
import threading
import warnings


def program() -> int:
    """Run a command in a separate, short-lived process: garbage collection would only cost time."""
    gc.disable()
    if not sys.warnoptions:  # Python hides them from programs; whoever keeps the routes file is to see them
        warnings.filterwarnings("default", message=r"prefetchrouter\.", category=DeprecationWarning)
    from prefetchrouter.cli import main

    code = main()
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        # A thread that the routes file started would keep the process alive, perhaps for ever.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(program())
