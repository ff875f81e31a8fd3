"""Compares headers and responses with what a case expects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cases.runners.case import Expected, Receive, State

Fields: TypeAlias = tuple[tuple[str, str], ...]

NOT_COMPARED = frozenset(
    {"date", "server", "via", "age", "cache-status", "accept-ranges"}
    | {"connection", "keep-alive", "content-length", "transfer-encoding"}
)
"""Response headers that are compared only where a case names them."""

SEVERAL = frozenset({"set-cookie"})
"""Headers whose lines are never joined (RFC 9110, section 5.3)."""


@dataclass(frozen=True)
class Response:
    """A response as a client got it.

    Args:
        headers: Names in lower case.
        body: What came of it, decompressed.
        is_cut: Whether the connection ended before the body did.
        states: How the cache can have handled it, as far as the engine tells.
    """

    status: int
    headers: Fields
    body: bytes = b""
    is_cut: bool = False
    states: frozenset[State] | None = None


def joined(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name, with several lines of one joined.

    Example:
        >>> joined((("vary", "a"), ("vary", "b"), ("set-cookie", "a=1"), ("set-cookie", "b=1")))
        {'vary': 'a, b', 'set-cookie': 'a=1 && b=1'}
    """
    found: dict[str, str] = {}
    for name, text in fields:
        between = " && " if name in SEVERAL else ", "
        found[name] = f"{found[name]}{between}{text}" if name in found else text
    return found


def header_problems(
    expected: Sequence[Expected], fields: Fields, ignored: frozenset[str], start: float
) -> list[str]:
    """Return where headers differ from those expected; ignored ones count where they are expected."""
    came = joined(fields)
    wanted: dict[str, Expected] = {}
    for one in expected:
        known = wanted.get(one.name)
        if known is not None and not one.is_regex and one.text is not None:
            between = " && " if one.name in SEVERAL else ", "
            one = Expected(one.name, f"{known.text}{between}{one.text}")
        wanted[one.name] = one
    problems = []
    for name, one in wanted.items():
        if not one.holds(came.get(name), start):
            problems.append(f"expected `{one}`, and {_shown(name, came.get(name))}")
    for name, text in came.items():
        if name not in wanted and name not in ignored:
            problems.append(f"unexpected header `{name}: {text}`")
    return problems


def response_problems(expected: Receive, response: Response, start: float, most_age: float) -> list[str]:
    """Return where a response differs from the one expected."""
    problems = []
    if response.status not in expected.statuses:
        problems.append(f"status {response.status} instead of {' or '.join(map(str, expected.statuses))}")
    if expected.state is not None and response.states is not None and expected.state not in response.states:
        problems.append(f"{' or '.join(sorted(response.states))} instead of {expected.state}")
    ignored = NOT_COMPARED if expected.body is not None else NOT_COMPARED | {"content-type"}
    problems += header_problems(expected.headers, response.headers, ignored, start)
    is_body = expected.body is None or response.body == expected.body
    if expected.is_cut and expected.body is not None:
        is_body = expected.body.startswith(response.body)
    if expected.body is not None and not is_body:
        problems.append(f"body {_short(response.body)} instead of {_short(expected.body)}")
    if response.is_cut != expected.is_cut:
        problems.append(f"the body is {'not complete' if response.is_cut else 'complete'}")
    age = joined(response.headers).get("age")
    is_named = any(one.name == "age" for one in expected.headers)
    if age is not None and not is_named and not (age.isdecimal() and int(age) <= most_age):
        problems.append(f"`age: {age}`, and nothing is older than {most_age:.0f} seconds")
    return problems


def _shown(name: str, text: str | None) -> str:
    return f"there is no {name}" if text is None else f"it is `{text}`"


def _short(body: bytes) -> str:
    return repr(body) if len(body) <= 200 else f"{body[:100]!r}... of {len(body)} bytes"
