"""What browsers support, in one place: a data file with the versions and the source of each fact.

    support.json        a row for each fact: MDN browser-compat-data, or what was measured here
    support_data.py     the rows as data
    browser_version.py  a browser in a version, such as ``safari@27.3``

``scripts/make_browser_support.py`` writes the versions from browser-compat-data, with ``--newest`` it
compares them with the newest that there is. ``browser/e2e/browserSupport.test.ts`` checks real browsers. The
page ``docs/browsers.md`` is generated from it.

    >>> BrowserVersion.parse("safari@27.3").supports("speculation-where")
    True
"""

from prefetchrouter.browser_support.browser_version import BrowserVersion
from prefetchrouter.browser_support.support_data import (
    BrowserFacts,
    BrowserSupport,
    SupportData,
    SupportRow,
    seconds_of,
    support_data,
)

__all__ = [
    "BrowserFacts",
    "BrowserSupport",
    "BrowserVersion",
    "SupportData",
    "SupportRow",
    "seconds_of",
    "support_data",
]
