"""Operations on headers: constant values as entries of the text, all else as numbered code in rule order.

Most rules set headers to constants. Such a header is an entry, and one statement for its name sends the last
value. A header that any rule appends to, adds, or fills with variables needs its operations in the order of
the rules: each rule's operations have a number, `c0003`, and are done where the text names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from prefetchrouter.http.request_target import as_browsers_write
from prefetchrouter.lowering.header_operations import HeaderOperation
from prefetchrouter.lowering.parts import Parts, literal_text
from prefetchrouter.targets.varnish.vcl_fill import text
from prefetchrouter.targets.varnish.vcl_readings import VclMessages
from prefetchrouter.targets.varnish.vcl_settings import last, setting
from prefetchrouter.targets.varnish.vcl_text import is_header_name


def constant_text(operation: HeaderOperation) -> str | None:
    """Return the text that an operation sets, if an entry can hold it; empty for a header that is removed."""
    if operation.action == "remove":
        return ""
    found = literal_text(operation.text) if operation.action == "set" else None
    if found is None or not found.isascii() or not found.isprintable() or "\\" in found:
        return None
    found = found.strip(" ")
    return as_browsers_write(found) if operation.name == "location" else found


@dataclass
class HeaderCode:
    """What rules do to the headers of one message.

    Args:
        start: The prefix of constant headers in the text: ``"h."`` or ``"o."``.
        letter: The letter of numbered operations: ``"c"`` or ``"k"``.
        place: Which subroutines the operations are for.
    """

    start: str
    letter: str
    place: VclMessages
    constant: dict[str, None] = field(default_factory=dict)
    """The names of headers that rules only set to constants or remove."""
    code: list[tuple[HeaderOperation, ...]] = field(default_factory=list)
    """The operations of each number."""
    _numbers: dict[int, int] = field(default_factory=dict)

    def note(self, plans: Iterable[tuple[HeaderOperation, ...]]) -> None:
        """Find out which headers are constant, from the operations of all plans."""
        others: set[str] = set()
        for operations in plans:
            for operation in operations:
                self.constant[operation.name] = None
                if constant_text(operation) is None:
                    others.add(operation.name)
        for name in others:
            del self.constant[name]

    def number(self, step: int, operations: tuple[HeaderOperation, ...]) -> None:
        """Give the operations of a rule their number; to be called in the order of the rules.

        Args:
            step: What tells the rule from others.
            operations: All of its operations.
        """
        own = tuple(operation for operation in operations if operation.name not in self.constant)
        if own and step not in self._numbers:
            self.code.append(own)
            self._numbers[step] = len(self.code)

    def settings(self, step: int, operations: tuple[HeaderOperation, ...]) -> str:
        """Return the entries of the text for the operations of a rule."""
        made = "".join(
            setting(f"{self.start}{operation.name}", constant_text(operation) or "")
            for operation in operations
            if operation.name in self.constant
        )
        number = self._numbers.get(step)
        if number is None:
            return made
        names = {operation.name for operation in self.code[number - 1]}
        made += f"{self.letter}{number:05d}\t"
        made += "sets_location\t" if "location" in names else ""
        return made + ("sets_cookie\t" if "set-cookie" in names else "")

    def constant_lines(self, message: str) -> list[str]:
        """Return statements that set the constant headers of a message, such as ``"resp"``."""
        lines = []
        for name in self.constant:
            if not is_header_name(name):
                continue
            whole = f"{message}.http.{name}"
            found = last(self.place.request, f"{self.start[0]}\\.{name}")
            lines += [
                f'if ({self.place.request}.http.pr_set ~ "\\t{self.start[0]}\\.{name}=") {{',
                f"    set {whole} = {found};",
                f'    if ({whole} == "") {{ unset {whole}; }}',
                "}",
            ]
        return lines

    def numbered_lines(self, operations: tuple[HeaderOperation, ...], message: str) -> list[str]:
        """Return the statements of the operations of one number."""
        return [line for operation in operations for line in operation_lines(operation, message, self.place)]


def operation_lines(operation: HeaderOperation, message: str, place: VclMessages) -> list[str]:
    """Return an operation on a header as statements.

    Args:
        operation: The operation.
        message: The message that it changes, such as ``"resp"``.
        place: Which subroutines it is for.

    Example:
        >>> from prefetchrouter.targets.varnish.vcl_readings import CLIENT
        >>> operation_lines(HeaderOperation("set", "x-a", ("b",)), "resp", CLIENT)
        ['set resp.http.x-a = "b";']
    """
    if not is_header_name(operation.name):
        return []
    whole = f"{message}.http.{operation.name}"
    value = text(_url(operation), place, is_header=True)
    match operation.action:
        case "remove":
            return [f"unset {whole};"]
        case "append":
            return [f"set {whole} = {whole} + {value};"]
        case "add":
            return [f"header.append({whole}, {value});"]
        case _:
            lines = [f"set {whole} = {value};"]
            if literal_text(operation.text) is None:
                lines.append(f'if ({whole} == "") {{ unset {whole}; }}')
            return lines


def _url(operation: HeaderOperation) -> Parts:
    if operation.name != "location":
        return operation.text
    return tuple(as_browsers_write(part) if isinstance(part, str) else part for part in operation.text)
