"""`explain`: one request, what the rules make of it line by line, and how long a prefetch of it stays good.

    explanation.py  all of it put together
    verdict.py      is the page prefetched, and why (not); what the manifest shows
    near.py         the branches that nearly applied
    placement.py    the rules that apply, and the branches that lead to them
    delivery.py     what a prefetch is answered, and the lifetimes from edge to visitor
    forecast.py     who uses the prefetch at the click
    in_browser.py   what one browser does with the prefetch and the click
    doubts.py       what keeps a prefetch from happening or from helping
    speculated.py, speculated_text.py   which Speculation Rules cover the page, as data and as text
    narrow.py       leaves out the rules that the path surely does not concern
    text.py         as a page for people
    data.py         as plain data

`docs/explain.md` shows a page.
"""

from prefetchrouter.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
