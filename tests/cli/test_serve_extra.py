"""`prefetchrouter serve` without the packages that it needs."""

from __future__ import annotations

import subprocess
import sys


def test_without_the_extra_it_says_what_to_install() -> None:
    """No traceback."""
    program = (
        "import sys\n"
        "sys.modules['uvicorn'] = None\n"
        "from prefetchrouter.cli import main\n"
        "sys.exit(main(['serve', '--example']))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    said = ended.stderr
    assert 'pip install "prefetchrouter[serve]"' in said
