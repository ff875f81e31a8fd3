"""What is likely wrong with the rules of a site, each finding with a request that shows it.

    linted_site.py   the rules with requests made for each of them, evaluated on demand
    check.py         `Check` and `Finding`
    check_registry.py  our checks, and those of other packages (entry point group ``prefetchrouter.checks``)
    checks/          one check in each file
    vendor_limits.py limits that vendors publish for their edges
    run.py           all checks on one site
    suppressions.py  comments such as ``# prefetchrouter: ignore[lint/never-wins] kept for old links``
    fixing.py        writes the fixes of findings into the routes file
    lint_text.py, lint_data.py, lint_github.py, lint_sarif.py   reports

A check is a function from a `Site` to findings. It makes no guesses: what it says of a request is what
`evaluate` says, so that a reader can look at the request with ``prefetchrouter explain``.

Example:
    >>> from prefetchrouter import Router
    >>> router = Router().get("/p/:id", caching={"max_age": "1h"}).match("/:all*", caching={"max_age": "5m"})
    >>> [finding] = lint(router)
    >>> finding.diagnostic.code, finding.witness.path
    ('lint/never-wins', '/p/x')

`docs/lint.md` shows the command.
"""

from prefetchrouter.lint.check import Check, Finding
from prefetchrouter.lint.linted_site import Site, VisitedPlace
from prefetchrouter.lint.run import lint

__all__ = ["Check", "Finding", "Site", "VisitedPlace", "lint"]
