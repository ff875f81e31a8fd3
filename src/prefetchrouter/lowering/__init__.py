"""Rules as plain data, for targets that print them in the words of another engine.

A target never parses a rule again. `lower` reads a rule set once: conditions become numbered tests and guards
over them, features become numbered plans, and what is left of a rule is its steps.

    >>> from prefetchrouter import Router
    >>> router = Router()
    >>> router = router.match("/shop/:id", caching={"max_age": "1h"}, origin={"set_origin": "web"})
    >>> router = router.match({"path": "/shop/:id", "headers": {"x-kind": "b"}}, caching={"max_age": "1m"})
    >>> router = router.catch(404, caching={"max_age": {"404": "10s"}})
    >>> lowered = lower(router)
    >>> for number, test in enumerate(lowered.tests):
    ...     print(number, test)
    0 Matches(reading=Reading(kind='path'), regex='(?i)^/shop(?:/([^/#?]+?))[/#?]?$', pattern='/shop/:id')
    1 OneOf(reading=Reading(kind='header', name='x-kind'), texts=('b',), ignores_case=False)
    2 Matches(reading=Reading(kind='status'), regex='^404$', pattern=None)

The steps of a rule are `Set` (a plan applies; later ones win, key by key) and `Fork` (the first arm whose
guard is true). One phase of a request needs a part of them:

    >>> early, keep = lowered.project("early"), lowered.project("keep")
    >>> [dict(plan.values) for plan in early.plans]
    [{'origin.set_origin': 'web'}]
    >>> early.steps
    (Fork(arms=(Arm(guard=Is(test=0, negated=False), steps=(Set(plan=0, source=Source(...)),), \
source=Source(...)),), otherwise=()),)
    >>> len(keep.steps), [dict(plan.values) for plan in keep.plans]
    (3, [{'caching.max_age.200': '1h'}, {'caching.max_age.200': '1m'}, {'caching.max_age.404': '10s'}])

Three ways to print it:

    ordered assignments   VCL: `runs(early)`, each `Set` as assignments: `writes(plan)`, `plan.headers(...)`
    data and a runtime    JavaScript: `by_prefix(...)`, tests, steps and plans; `taken` is the meaning
    look-ups              nginx maps: `LoweredRule.segments`, and for each value the guards that lead to it

    rules ──► tests     atomic, each once: reading, operand or portable expression, presence guard
         │    guards    Is(number, negated), Every, Some
         ├──► steps     Set(plan, source), Fork(arms, otherwise);  project(phase) drops what acts elsewhere
         ├──► plans     merged values by key; redirect, rewrites, body, status, headers(message) in print form
         └──► groups    runs in order, or by first segment

The modules, in the order of their imports:

    readings.py            what tests and texts read: `Reading(kind, name)`; facts are mapped by the property
    tests.py, guards.py    atomic tests; when a branch is taken
    parts.py               texts with ``%{...}`` as literal texts and variables with their forms
    header_operations.py   headers: remove, set, append, add, in order
    substitution.py        rewrites and redirects: expression, pieces, what becomes of the query
    phases.py              which feature acts when
    plans.py, steps.py     what rules set, and the way to it
    first_segments.py      by which segments a rule is found
    lowered.py             `lower` and `Lowered`
    groups.py              rules by segment, in order

What engines have to know besides:

- A test of what is missing is false, its negation true. `test.needs_guard` says where the empty text of an
  engine would be taken for a value.
- After a rewrite (`project("rewrite")`) the rules are read again, once, for the new URL: `origin-path`,
  `parameter` and the like are those of the new one, `path` stays that of the visitor.
- A response that the edge makes itself gets `project("client", has_response=False)`.
- `plan.redirect` to the requested URL is not a redirect, unless that plan sets a `set-cookie` header.
- `response.set_done`, `access.deny_access` and a redirect answer without cache and origin; a body alone
  replaces that of the origin's response.
- Values of `caching.max_age` and the like by status: `plan.by_name("caching.max_age")`.
"""

from prefetchrouter.lowering.first_segments import first_segment
from prefetchrouter.lowering.groups import Run, by_prefix, by_segment, runs
from prefetchrouter.lowering.lowered import Lowered, LoweredRule, lower
from prefetchrouter.lowering.phases import PHASES, Phase
from prefetchrouter.lowering.plans import Plan, writes
from prefetchrouter.lowering.steps import Arm, Fork, Set, Steps, taken

__all__ = [
    "PHASES",
    "Arm",
    "Fork",
    "Lowered",
    "LoweredRule",
    "Phase",
    "Plan",
    "Run",
    "Set",
    "Steps",
    "by_prefix",
    "by_segment",
    "first_segment",
    "lower",
    "runs",
    "taken",
    "writes",
]
