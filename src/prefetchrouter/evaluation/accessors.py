"""Accessors: read the variables of conditions from a request.

Each variable has an accessor, which gives its text or None if the request has no such thing. What may be
declared unknown has a name, such as `location.country`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from prefetchrouter.evaluation import variable_values
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.http.request_target import query_for_rules
from prefetchrouter.rules.conditions import Variable

Read: TypeAlias = Callable[[RequestContext], str | None]


@dataclass(frozen=True, slots=True)
class VariableAccessor:
    """How a variable is read.

    Args:
        read: Gives its text, None if the request has no such thing.
        names: The facts it is read from that may be declared unknown; none if it follows from the URL.
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

    def value(self, context: RequestContext) -> str | None:
        """Return what a condition sees."""
        value = self.read(context)
        return self.missing if value is None else value

    def unknown_as(self, context: RequestContext) -> str | None:
        """Return the name of the fact that it depends on and that is unknown, or None if it is known."""
        if self.read(context) is None:
            for name in self.names:
                if self.is_drawn or context.may_be(name):
                    return name
        return None


_REQUEST: dict[str, Read] = {
    "path": lambda context: context.path,
    "origin_path": lambda context: context.origin_path,
    "method": lambda context: context.method,
    "scheme": lambda context: context.scheme.upper(),
    "query": lambda context: query_for_rules(context.query),
    "querystring": lambda context: query_for_rules(context.query),
    "origin_query_string": lambda context: query_for_rules(context.origin_query),
}


@lru_cache(maxsize=4096)
def accessor(variable: Variable) -> VariableAccessor:
    """Return how a variable is read.

    Example:
        >>> from prefetchrouter.http.message import Request
        >>> from prefetchrouter.rules.conditions import Variable
        >>> path = accessor(Variable(namespace="request", name="path"))
        >>> path.value(RequestContext(Request("/pages/1?x=2")))
        '/pages/1'
    """
    label = f"{variable.namespace}.{variable.name}"
    return replace(_accessor(variable.namespace, str(variable.name), label), label=label)


def _accessor(namespace: str, name: str, full: str) -> VariableAccessor:
    match namespace:
        case "request" if name in _REQUEST:
            return VariableAccessor(_REQUEST[name])
        case "request" | "variable":
            return _feature_variable({"client_ip": "virt_dst_addr", "pop_code": "popcode"}.get(name, name))
        case "request.header" if name.lower() == "host":
            return VariableAccessor(lambda context: context.headers.get("host", context.host))
        case "request.header":
            lower = name.lower()  # names of headers ignore case (RFC 9110, section 5.1)
            return VariableAccessor(lambda context: context.headers.get(lower), (full,))
        case "request.cookie":
            return VariableAccessor(lambda context: context.request.cookies.get(name), (full,))
        case "request.origin_query":
            return VariableAccessor(lambda context: context.parameter(name))
        case "request.path":
            return VariableAccessor(_PARTS[name])
        case "location":
            return VariableAccessor(lambda context: context.facts.get(full), (full,), missing="?")
        case "response":
            return _feature_variable("status")
        case "pop_code":
            return _feature_variable("popcode")
        case "random":
            return VariableAccessor(
                lambda context: context.facts.get(full) or context.facts.get("random"),
                (full,),
                is_drawn=True,
            )
        case _:
            return VariableAccessor(lambda context: context.facts.get(full), (full,))


def _feature_variable(name: str) -> VariableAccessor:
    return VariableAccessor(
        lambda context: variable_values.value(name, context),
        variable_values.facts_of(name),
        is_late=variable_values.is_late(name),
    )


def _file_name(context: RequestContext) -> str:
    return context.path.rpartition("/")[2]


def _extension(context: RequestContext) -> str:
    return _file_name(context).rpartition(".")[2] if "." in _file_name(context) else ""


_PARTS: dict[str, Read] = {
    "filename": _file_name,
    "extension": _extension,
    "directory": lambda context: context.path.rpartition("/")[0],
}
"""The parts of the path, as `docs/rule-language.md` reads them; the directory without its last slash."""
