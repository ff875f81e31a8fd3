"""What a change of rules changes for visitors: behaviour, not text.

    before ──┐                                  ┌── behaviour ──┐
             ├── changed_rules ── request_space ┤               ├── compare ── differences
    after ───┘                                  └── behaviour ──┘

Requests are made from the rules that differ, and from all others where those apply as well. Each is evaluated
under both rule sets; what a client, an origin or a browser can notice is compared, and requests that differ
in the same way are shown once.

    changed_rules.py       the rules that were added, removed, changed or moved
    request_space.py       the requests that are tried
    requests_of_changes.py requests for rules that differ
    behaviour.py           what can be noticed of a decision, aspect by aspect
    hidden_differences.py  differences that a later rule hides
    compare.py             the differences, and the smallest list of requests that shows them
    shown.py               sentences and numbers that the reports share
    difference_text.py     for a terminal
    difference_markdown.py for a pull request
    difference_data.py     as plain data

Example:
    >>> from prefetchrouter import Router
    >>> before = Router().get("/p/:id", caching={"max_age": "1h"})
    >>> after = Router().get("/p/:id", caching={"max_age": "5m"})
    >>> for change in compare(before, after).differences[0].changes:
    ...     print(change.aspect, change.before, change.after)
    caching.max_age.200 1h 5m

`docs/diff.md` shows the command.
"""

from prefetchrouter.comparison.compare import Change, Difference, RuleSetComparison, compare

__all__ = ["Change", "Difference", "RuleSetComparison", "compare"]
