"""What rules do to headers, as a list of operations in the order in which they are done.

Each rule removes, then sets, then adds; then comes the next rule. A text that is empty once its variables are
filled in removes the header that it would set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from prefetchrouter.evaluation.leaf import CLIENT_IP, HeaderChanges
from prefetchrouter.lowering.parts import Filled, Parts, parts
from prefetchrouter.lowering.readings import reading_of, reading_of_name
from prefetchrouter.rules.conditions import variable

Message: TypeAlias = Literal["request", "origin_response", "response"]
"""Whose headers: of the request to the origin, of its response before that is stored, of the response to the
client."""

Action: TypeAlias = Literal["remove", "set", "append", "add"]


@dataclass(frozen=True, slots=True)
class HeaderOperation:
    """One operation on the headers of a message.

    Args:
        action: ``"remove"``: all of that name. ``"set"``: one of that name with this text and no other; none
            if the text comes out empty. ``"append"``: the text directly behind the last of that name, which
            is the empty text if there is none. ``"add"``: one more of that name.
        name: The name, in lower case.
        text: The text; empty for ``"remove"``. The text of a `location` is a URL: what is not ASCII, and
            spaces, are percent-encoded once it is filled in.

    Example:
        >>> HeaderOperation("set", "x-tier", ("gold",))
        HeaderOperation(action='set', name='x-tier', text=('gold',))
    """

    action: Action
    name: str
    text: Parts = ()


def header_operations(
    changes: HeaderChanges, message: Message, facts: Mapping[str, str] | None = None
) -> tuple[HeaderOperation, ...]:
    """Return what one rule does to the headers of a message, in order.

    Args:
        changes: What the rule says about headers, as `evaluation.leaf` has it.
        message: Whose headers.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> changes = {"set_response_headers": (("x-a", "1"), ("+x-b", "2"))}
        >>> [(found.action, found.name) for found in header_operations(changes, "response")]
        [('set', 'x-a'), ('append', 'x-b')]
    """
    if message == "request":
        return tuple(_of_request(changes, facts))
    whose = "origin_response" if message == "origin_response" else "response"
    return (
        *(HeaderOperation("remove", name) for name, _ in changes.get(f"remove_{whose}_headers", ())),
        *_setting(changes.get(f"set_{whose}_headers", ()), facts),
        *(
            HeaderOperation("add", name.removeprefix("+"), _text(value, facts))
            for name, value in changes.get(f"add_{whose}_headers", ())
        ),
    )


def _of_request(changes: HeaderChanges, facts: Mapping[str, str] | None) -> Iterator[HeaderOperation]:
    yield from _setting(changes.get("set_request_headers", ()), facts)
    for name, _ in changes.get(CLIENT_IP, ()):
        address = Filled(reading_of_name("virt_dst_addr", facts), name="virt_dst_addr")
        yield HeaderOperation("set", name, (address,))


def _setting(values: Iterable[tuple[str, Any]], facts: Mapping[str, str] | None) -> Iterator[HeaderOperation]:
    for name, value in values:
        text = _text(value, facts)
        if name.startswith("+"):
            yield HeaderOperation("append", name[1:], text)
        else:
            yield HeaderOperation("set" if text else "remove", name, text)


def _text(value: object, facts: Mapping[str, str] | None) -> Parts:
    if isinstance(value, Mapping):
        ((namespace, name),) = value.items()
        return (Filled(reading_of(variable(namespace, name), facts), name=f"{namespace}.{name}"),)
    return parts(str(value), facts)
