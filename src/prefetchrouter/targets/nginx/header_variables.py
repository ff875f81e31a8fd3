"""Headers of responses and of requests to origins: each name as a variable, where maps can do it.

What they cannot is done by edge.js, operation by operation: several headers of one name, text behind that of
a header, and the headers that nginx writes itself.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from prefetchrouter.http_cache.spoofable import is_spoofable
from prefetchrouter.lowering.header_operations import HeaderOperation, Message
from prefetchrouter.targets.nginx.book import Book
from prefetchrouter.targets.nginx.conf_text import ConfText, variable_name
from prefetchrouter.targets.nginx.leaves import NginxLeaf
from prefetchrouter.targets.nginx.phase_settings import PhaseSettings, json_text
from prefetchrouter.targets.nginx.reading_variables import text_of
from prefetchrouter.targets.nginx.substitutions import parts_data

_OF_NGINX: Final = frozenset(
    {
        "accept-ranges", "connection", "content-encoding", "content-length", "content-range", "content-type",
        "date", "etag", "last-modified", "location", "server", "set-cookie", "transfer-encoding", "vary",
        "www-authenticate", "link", "refresh",
    }
)  # fmt: skip
"""Names that nginx writes itself, or that may be there several times: edge.js changes them."""

Operations = list[tuple[NginxLeaf, list[HeaderOperation]]]
_SIGNS: Final = {"remove": "-", "set": "=", "append": ".", "add": "+"}


@dataclass(frozen=True, slots=True)
class Header:
    """A header that a variable holds.

    Args:
        name: Its name.
        value: The variable.
        hides: Whether that of the origin is hidden: the variable has it where no rule applies.
    """

    name: ConfText
    value: ConfText
    hides: bool = True


@dataclass(slots=True)
class Headers:
    """What becomes of the headers of one message.

    Args:
        plain: Those that variables hold.
        scripted: Variables with the operations for edge.js, as pieces of JSON.
    """

    plain: list[Header] = field(default_factory=list)
    scripted: list[ConfText] = field(default_factory=list)


def headers_of(
    settings: PhaseSettings, message: Message, book: Book, bases: dict[str, ConfText], prefix: str
) -> Headers:
    """Return what rules do to the headers of a message.

    Args:
        settings: The phase in which it is done.
        message: Whose headers.
        book: Where the maps go.
        bases: What some headers are where no rule changes them.
        prefix: What the variables begin with that hold the headers of others, such as ``$upstream_http_``.
    """
    made = Headers()
    scripted: dict[int, tuple[NginxLeaf, list[HeaderOperation]]] = {}
    for name, operations in settings.operations(message).items():
        actions = {operation.action for _, found in operations for operation in found}
        base = bases.get(name)
        # Variables cannot name every header.
        is_plain = name not in _OF_NGINX and message != "origin_response" and "add" not in actions
        is_plain = is_plain and re.fullmatch("[a-z0-9-]+", name) is not None
        if is_plain and "append" in actions:
            base = base or ConfText(f"{prefix}{name.replace('-', '_')}")
            made.plain.append(_folded(name, operations, settings, book, base))
        elif is_plain:
            base = base or ConfText(f"{prefix}{name.replace('-', '_')}")
            made.plain.append(_plain(name, operations, settings, book, base, f"{message}_header"))
        elif actions == {"add"} and base is None and name not in _OF_NGINX and message == "response":
            made.plain += _added(name, operations, settings, book)
        else:
            for leaf, found in operations:
                scripted.setdefault(leaf.number, (leaf, []))[1].extend(found)
    for _, (leaf, found) in sorted(scripted.items()):
        text = "".join(f"{json_text(_data(operation, book))}," for operation in found)
        made.scripted.append(
            settings.of_leaves(
                f"{message}_change_{book.number('change')}",
                [(leaf, text)],
                lambda value: book.text([str(value)]),
            )
        )
    return made


def _plain(
    name: str, operations: Operations, settings: PhaseSettings, book: Book, base: ConfText, kind: str
) -> Header:
    last: list[tuple[NginxLeaf, Hashable]] = [(leaf, found[-1]) for leaf, found in operations]

    def render(operation: Any) -> ConfText:
        return text_of(operation.text, book)

    own = settings.of_leaves(f"{kind}_{variable_name(name)}", last, render, base)
    return Header(ConfText(name), own)


def _folded(name: str, operations: Operations, settings: PhaseSettings, book: Book, base: ConfText) -> Header:
    """Return a header to which rules append: a variable for each rule, made of the one before it."""
    if is_spoofable(name):
        base = ConfText("$pr_empty")
    for leaf, found in operations:
        for operation in found:
            text = text_of(operation.text, book)
            if operation.action == "append":
                text = ConfText(f'"${{{base[1:]}}}{text[1:]}')
            number = book.number("folded")
            base = settings.of_leaves(
                f"folded_{number}", [(leaf, text)], lambda value: ConfText(str(value)), base
            )
    return Header(ConfText(name), base)


def _added(name: str, operations: Operations, settings: PhaseSettings, book: Book) -> list[Header]:
    made = []
    for leaf, found in operations:
        for operation in found:
            own = settings.of_leaves(
                f"added_{variable_name(name)}_{book.number('added')}",
                [(leaf, operation)],
                lambda value: text_of(value.text, book),
            )
            made.append(Header(ConfText(name), own, hides=False))
    return made


def _data(operation: HeaderOperation, book: Book) -> list[Any]:
    sign = _SIGNS[operation.action]
    return [sign, operation.name, parts_data(operation.text, book)]
