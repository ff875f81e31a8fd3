"""``python -m prefetchrouter``."""

import sys

from prefetchrouter.cli import main

sys.exit(main())
