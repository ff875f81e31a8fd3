"""`explain`: one request, what the rules make of it line by line, and how long a prefetch of it stays good.

verdict.py      is the page prefetched, and why (not); what the manifest shows; near.py: what nearly applied
placement.py    which rules apply, and the branches that lead to them
delivery.py     what a prefetch is answered, and the lifetimes from edge to visitor
forecast.py     who uses the prefetch at the click
explanation.py  all of it put together
text.py         as a page for people             data.py  as plain data
"""

from prefetchrouter.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
