"""What users write to say which requests a rule is for, as data.

Text, a compiled regular expression, `exact(...)` or a list test the path; a mapping tests several things;
`and_`, `or_`, `not_` and `raw` combine and escape. `docs/criteria.md` shows every form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypedDict

from prefetchrouter.rules.conditions import AllOf, AnyOf, variable


@dataclass(frozen=True, slots=True)
class Exact:
    """Text that is compared literally; made by `exact`."""

    text: str


Plain: TypeAlias = str | re.Pattern[str] | Exact | Sequence[str | int | float | Exact]


@dataclass(frozen=True, slots=True)
class Not:
    """A value that must not be there; made by `not_`."""

    value: Plain


Value: TypeAlias = Plain | Not


class CriteriaDict(TypedDict, total=False):
    """The mapping form of criteria; each entry is one test, all of them must be true."""

    path: Value
    origin_path: Value
    scheme: Value
    method: Value
    headers: Mapping[str, Value]
    query: Mapping[str, Value]
    cookies: Mapping[str, Value]
    device: Mapping[str, Value]
    location: Mapping[str, Value]
    variable: Mapping[str, Value]
    client_ip: Value
    referring_domain: Value
    response: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Raw:
    """A condition in the rule language; made by `raw`."""

    condition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Joined:
    """Several criteria together; made by `and_` and `or_`."""

    kind: type[AllOf] | type[AnyOf]
    members: tuple[Criteria, ...]


Criteria: TypeAlias = Value | CriteriaDict | Raw | Joined
"""Which requests a rule matches: a path pattern, an expression, a list of paths, or a mapping of tests.

See `docs/criteria.md`.
"""


def exact(text: str) -> Exact:
    """Compare text literally: not as a pattern, and case-sensitively.

    Example:
        >>> exact("/a/:b")
        Exact(text='/a/:b')
    """
    return Exact(text)


def not_(value: Plain) -> Not:
    """Turn the test of one value around.

    Example:
        >>> not_("/admin/:rest*")
        Not(value='/admin/:rest*')
    """
    return Not(value)


def and_(*criteria: Criteria) -> Joined:
    """Join criteria that must all be true.

    Example:
        >>> len(and_({"path": "/a"}, {"method": "GET"}).members)
        2
    """
    return Joined(AllOf, criteria)


def or_(*criteria: Criteria) -> Joined:
    """Join criteria of which at least one must be true.

    Example:
        >>> len(or_("/a", "/b").members)
        2
    """
    return Joined(AnyOf, criteria)


def raw(condition: Mapping[str, Any]) -> Raw:
    """Write a condition in the rule language itself, for what criteria have no word for.

    Example:
        >>> raw({"<": [{"random": 99}, 10]}).condition
        {'<': [{'random': 99}, 10]}
    """
    return Raw(condition)


SINGLE = {
    "path": variable("request", "path"),
    "origin_path": variable("request", "origin_path"),
    "scheme": variable("request", "scheme"),
    "method": variable("request", "method"),
    "client_ip": variable("request", "client_ip"),
    "referring_domain": variable("request", "referring_domain"),
}
"""The criteria that test one variable."""

NAMED = {
    "headers": "request.header",
    "query": "request.origin_query",
    "cookies": "request.cookie",
    "device": "device",
    "location": "location",
    "variable": "variable",
    "response": "response",
}
"""The criteria that are mappings, each with the namespace of its variables."""

KEYS = tuple(CriteriaDict.__annotations__)
