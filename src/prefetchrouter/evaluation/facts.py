"""How the variables of conditions are read from a request.

Each variable has a reader, which gives its text or None where the request has no such thing. What may be
declared unknown has a name, such as `location.country`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.evaluation import variables
from prefetchrouter.evaluation.situation import Situation
from prefetchrouter.http.request_target import query_for_rules
from prefetchrouter.rules.conditions import Variable

Read: TypeAlias = Callable[[Situation], str | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a variable is read.

    Args:
        read: Gives its text, None where the request has no such thing.
        names: The facts it is read from that may be declared unknown; none when the URL tells all.
        missing: What a condition sees where there is no such thing.
        is_late: Whether it is known only once there is a response.
        is_drawn: Whether each request draws it anew, so that it is unknown unless given.
        label: What the variable is called, such as ``"request.path"``.
    """

    read: Read
    names: tuple[str, ...] = ()
    missing: str | None = None
    is_late: bool = False
    is_drawn: bool = False
    label: str = ""

    def value(self, situation: Situation) -> str | None:
        """Return what a condition sees."""
        value = self.read(situation)
        return self.missing if value is None else value

    def unknown_as(self, situation: Situation) -> str | None:
        """Return the name of the fact that it depends on and that is unknown, None when it is known."""
        if self.read(situation) is None:
            for name in self.names:
                if self.is_drawn or situation.may_be(name):
                    return name
        return None


_REQUEST: dict[str, Read] = {
    "path": lambda situation: situation.path,
    "origin_path": lambda situation: situation.origin_path,
    "method": lambda situation: situation.method,
    "scheme": lambda situation: situation.scheme.upper(),
    "query": lambda situation: query_for_rules(situation.query),
    "querystring": lambda situation: query_for_rules(situation.query),
    "origin_query_string": lambda situation: query_for_rules(situation.origin_query),
}


@lru_cache(maxsize=4096)
def reader(variable: Variable) -> Reader:
    """Return how a variable is read.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> from prefetchrouter.rules.conditions import Variable
        >>> path = reader(Variable(namespace="request", name="path"))
        >>> path.value(Situation(Request("/pages/1?x=2")))
        '/pages/1'
    """
    label = f"{variable.namespace}.{variable.name}"
    return replace(_reader(variable.namespace, str(variable.name), label), label=label)


def _reader(namespace: str, name: str, full: str) -> Reader:
    match namespace:
        case "request" if name in _REQUEST:
            return Reader(_REQUEST[name])
        case "request" | "variable":
            return _feature_variable({"client_ip": "virt_dst_addr", "pop_code": "popcode"}.get(name, name))
        case "request.header" if name.lower() == "host":
            return Reader(lambda situation: situation.headers.get("host", situation.host))
        case "request.header":
            lower = name.lower()  # names of headers ignore case (RFC 9110, section 5.1)
            return Reader(lambda situation: situation.headers.get(lower), (full,))
        case "request.cookie":
            return Reader(lambda situation: situation.request.cookies.get(name), (full,))
        case "request.origin_query":
            return Reader(lambda situation: situation.parameter(name))
        case "request.path":
            return Reader(_PARTS[name])
        case "location":
            return Reader(lambda situation: situation.facts.get(full), (full,), missing="?")
        case "response":
            return _feature_variable("status")
        case "pop_code":
            return _feature_variable("popcode")
        case "random":
            return Reader(
                lambda situation: situation.facts.get(full) or situation.facts.get("random"),
                (full,),
                is_drawn=True,
            )
        case _:
            return Reader(lambda situation: situation.facts.get(full), (full,))


def _feature_variable(name: str) -> Reader:
    return Reader(
        lambda situation: variables.value(name, situation),
        variables.facts_of(name),
        is_late=variables.is_late(name),
    )


def _file_name(situation: Situation) -> str:
    return situation.path.rpartition("/")[2]


def _extension(situation: Situation) -> str:
    return _file_name(situation).rpartition(".")[2] if "." in _file_name(situation) else ""


_PARTS: dict[str, Read] = {
    "filename": _file_name,
    "extension": _extension,
    "directory": lambda situation: situation.path.rpartition("/")[0],
}
"""The parts of the path, as `docs/rule-language.md` reads them; the directory without its last slash."""
