"""What prefetching gained in the field: beacons of page views, compared with a group of visitors without it.

    >>> from prefetchrouter.measurement.page_view import PageView
    >>> figures = [{"ttfb": n % 200, "lcp": 900 + n % 200} for n in range(400)]
    >>> control = [PageView("control", "chromium", "network", "click", **each) for each in figures]
    >>> others = [view._replace(group="prefetch", lcp=view.lcp - 500) for view in control]
    >>> found = Measured()
    >>> for view in [*control, *others]:
    ...     found.note(view)
    >>> difference = found.compared()[0].differences["LCP, median"]
    >>> difference.estimate, difference.low < -480 < difference.high
    (-500, False)

    pages ──beacon──► access log, lines of JSON ──BeaconFiles──► PageView ──► Measured ──► table, data,
                      prefetches of the access log ────────────► bytes ──────────┘│        picture
                                                      difference, bootstrap ──────┘

The modules, in the order of their imports:

    page_view.py          `PageView`: one beacon, checked
    beacon_reading.py     finds beacons and prefetches in files
    rule_names.py         which rule a URL of a log belongs to
    bootstrap.py          the difference of two groups, and how sure it is
    measured.py           counts and figures by rule and browser
    measured_text.py      the report for a terminal, and as data
    measured_picture.py   the differences as a picture
"""

from prefetchrouter.measurement.bootstrap import GroupDifference, difference
from prefetchrouter.measurement.measured import Measured
from prefetchrouter.measurement.page_view import BeaconError, PageView, view_of_data, view_of_query

__all__ = [
    "BeaconError",
    "GroupDifference",
    "Measured",
    "PageView",
    "difference",
    "view_of_data",
    "view_of_query",
]
