"""A lab: your own pages in Chromium over a slow link, without prefetching and with it.

    >>> from prefetchrouter.lab.lab_visits import Visited
    >>> plain = Visited("nothing", "/a", 180, 900, 52_000, 9, 0)
    >>> print(lab_text([plain, Visited("ours", "/a", 9, 60, 71_000, 14, 0)]).splitlines()[1])
    nothing          180  900  52.0         9              0

    URLs ──► visit(mode): start page, look, point, click ──► Visited ──► table, data, picture
                 │
             Chromium ──► Link: bandwidth and round-trip time ──► site

The modules, in the order of their imports:

    link.py          the slow link, for all connections of the browser
    modes.py         what a page prefetches with
    lab_visits.py    one visit, measured
    experiment.py    visits in turns, and which links are opened
    lab_text.py      the table and the data
    lab_picture.py   the picture
"""

from prefetchrouter.lab.lab_text import lab_text

__all__ = ["lab_text"]
