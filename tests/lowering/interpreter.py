"""An engine that knows nothing of rules: it decides a request by lowered data alone.

It is what a target is, in Python: whatever it needs has to be in the data.
"""

from __future__ import annotations

import ipaddress
import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lowering.reading import Seen, read
from lowering.urls import rewritten
from lowering.writing import header_fields, response_headers, text_of
from prefetchrouter import Request
from prefetchrouter.catalog import keys
from prefetchrouter.evaluation.redirect_target import leads_to_itself
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.named_facts import number_in
from prefetchrouter.http.request_target import TargetRefusal, canonical_target
from prefetchrouter.lowering import PHASES, Lowered, Phase, Plan, taken
from prefetchrouter.lowering.guards import Guard, holds
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.tests import HasNumber, InNetworks, Matches, OneOf, Ordered, SameAs, Test
from prefetchrouter.regex import to_python

_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass
class Result:
    """What a request gets.

    Args:
        values: The values of each phase by key.
        path: Path and query for the origin.
        redirect: Status and location.
        request_headers: The headers for the origin.
        response_headers: The headers for the client.
        status: The status that rules set.
        body: The text that rules set.
        key_expressions: Further parts of the key.
    """

    values: dict[str, dict[str, Any]]
    path: str
    redirect: tuple[int, str] | None
    request_headers: HeaderFields
    response_headers: HeaderFields
    status: int | None
    body: str | None
    key_expressions: tuple[str, ...]


class Refused(Exception):
    """A rewrite leads to what no origin gets."""


class Interpreter:
    """Decides requests.

    Args:
        lowered: The rules.
        host: The host of requests that name none.
    """

    def __init__(self, lowered: Lowered, host: str = "localhost") -> None:
        self._host = host
        self._phases = {
            **{(phase, False): lowered.project(phase, has_response=False) for phase in PHASES},
            **{(phase, True): lowered.project(phase) for phase in PHASES},
        }

    def decide(self, request: Request) -> Result:
        """Return what a request gets, whose response is there or not."""
        response = request.response
        seen = Seen(request, request.path, request.query, request.host or self._host)
        if response is not None:
            seen.response = response.status, response.fields
        seen = self._rewritten(seen)
        early, keep, client = (self._plan(phase, seen) for phase in ("early", "keep", "client"))
        denied = client.value(keys.access.deny_access) is True
        redirect = None if denied else self._redirect(early, seen)
        given = HeaderFields() if response is None else response.fields
        if denied or redirect or client.value(keys.response.set_done):
            given = HeaderFields()
        shown = response_headers(given, keep, client, redirect[1] if redirect else None, seen)
        return Result(
            {"early": dict(early.values), "keep": dict(keep.values), "client": dict(client.values)},
            f"{seen.path}?{seen.query}" if seen.query else seen.path,
            redirect,
            header_fields(
                _given(request, seen.host),
                early.headers("request"),
                seen,
            ),
            shown,
            _status(client, redirect, seen),
            None if client.body is None else text_of(client.body, replace(seen, shown=shown)),
            tuple(text_of(text, seen) for text in early.key_expressions),
        )

    def _rewritten(self, seen: Seen) -> Seen:
        for wanted in self._plan("rewrite", seen).rewrites or ():
            target = rewritten(wanted, seen, is_target=True)
            if target is not None:
                path, _, query = target.partition("?")
                found = canonical_target(path, query)
                if isinstance(found, TargetRefusal):
                    raise Refused
                seen = replace(seen, path=found.path, query=found.query)
        return seen

    def _plan(self, phase: Phase, seen: Seen) -> Plan:
        lowered = self._phases[phase, seen.response is not None]

        def truth(number: int) -> bool:
            return true_of(lowered.tests[number], seen)

        def is_true(guard: Guard) -> bool:
            return holds(guard, truth)

        return lowered.merged(tuple(found.plan for found in taken(lowered.steps, is_true)))

    def _redirect(self, early: Plan, seen: Seen) -> tuple[int, str] | None:
        found = early.redirect
        location = None if found is None else rewritten(found.to, seen)
        if found is None or not location:
            return None
        made = self._plan("client", replace(seen, response=None))
        sets_cookie = any(key.endswith("response_headers.set-cookie") for key in made.values)
        is_loop = not sets_cookie and leads_to_itself(seen.request, seen.host, found.status, location)
        return None if is_loop else (found.status, location)


def _given(request: Request, host: str) -> dict[str, tuple[str, ...]]:
    return {"host": (host,), **{name: (text,) for name, text in request.headers.items()}}


def _status(client: Plan, redirect: tuple[int, str] | None, seen: Seen) -> int | None:
    if client.value(keys.access.deny_access) is True:
        return 403
    if redirect is not None:
        return redirect[0]
    status = client.status
    if isinstance(status, tuple):
        text = text_of(status, seen)
        status = int(text) if len(text) == 3 and text.isascii() and text.isdigit() else None
    if status is not None:
        return status
    if client.value(keys.response.set_done):
        return 200
    return None if seen.response is None else seen.response[0]


def true_of(test: Test, seen: Seen) -> bool:
    """Return whether a test is true of a request."""
    text = read(test.reading, seen)
    match test:
        case Ordered(order=order, sides=sides):
            numbers = [number_in(read(s, seen)) if isinstance(s, Reading) else s for s in sides]
            return all(a is not None and b is not None and _ORDERS[order](a, b) for a, b in pairwise(numbers))
        case _ if text is None:
            return False
        case OneOf(texts=texts, ignores_case=ignores_case):
            return (text.lower() if ignores_case else text) in texts
        case Matches(regex=regex):
            return to_python(regex).search(text) is not None
        case HasNumber(number=number):
            return number_in(text) == number
        case InNetworks(networks=networks, texts=texts):
            return text in texts or _is_in(text, networks)
        case SameAs(other=other, likeness=likeness):
            beside = read(other, seen)
            if beside is None:
                return False
            if likeness == "contains":
                return beside in text
            return text == beside if likeness == "equal" else text.lower() == beside.lower()


def _is_in(text: str, networks: tuple[str, ...]) -> bool:
    try:
        return any(ipaddress.ip_address(text) in ipaddress.ip_network(network) for network in networks)
    except ValueError:
        return False
