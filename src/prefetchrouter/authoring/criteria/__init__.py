"""What users write to say which requests a rule is for, turned into conditions.

criterion_values.py the forms of criteria, as data
cookie_patterns.py  cookies by a pattern of their names
convert.py  from criteria to conditions
status.py   the status of `Router.catch`
cures.py    what to write in place of criteria that are wrong
"""

from prefetchrouter.authoring.criteria.convert import to_branch_condition, to_condition
from prefetchrouter.authoring.criteria.criterion_values import (
    Criteria,
    CriteriaDict,
    Exact,
    Joined,
    Not,
    Raw,
    and_,
    exact,
    not_,
    or_,
    raw,
)
from prefetchrouter.authoring.criteria.status import to_status_condition

__all__ = [
    "Criteria",
    "CriteriaDict",
    "Exact",
    "Joined",
    "Not",
    "Raw",
    "and_",
    "exact",
    "not_",
    "or_",
    "raw",
    "to_branch_condition",
    "to_condition",
    "to_status_condition",
]
