"""Texts with variables, such as ``"https://%{host}/%{geo_country:=XX}"``, as expressions of VCL."""

from __future__ import annotations

from dataclasses import replace

from prefetchrouter.lowering.parts import (
    Capture,
    ChangeCase,
    Default,
    Filled,
    Instead,
    Parts,
    RemoveStart,
    Replace,
    Replacement,
    Slice,
)
from prefetchrouter.lowering.readings import Reading
from prefetchrouter.regex import to_python
from prefetchrouter.targets.varnish.vcl_readings import CLIENT, VclMessages, read
from prefetchrouter.targets.varnish.vcl_text import Vcl, header_text, joined, regex, string


class CannotFill(Exception):
    """VCL has no way to do what a variable asks for; the text is the form."""


def filled(found: Filled, place: VclMessages = CLIENT) -> Vcl:
    """Return the expression of a variable with its form.

    Raises:
        CannotFill: VCL cannot do it.

    Example:
        >>> from prefetchrouter.lowering.parts import parts
        >>> print(filled(parts("%{host:=none}")[0]))
        regsub(regsub(req.http.host, ":[0-9]+\\z", ""), "^\\z", "none")
    """
    value = read(reading_for(found), place).value
    match found.form:
        case None:
            return value
        case Default(text=text, only_missing=only_missing):
            if only_missing:
                return value
            return Vcl(f'regsub({value}, "^\\z", {_replacement((text,))})')
        case Instead(text=text, or_empty=or_empty):
            pattern = rf"^(?!{_ABSENT}\z).*\z" if or_empty else r"^.+\z"
            made = f'regsub({value}, "(?s){pattern}", {_replacement((text,))})'
            return Vcl(rf'regsub({made}, "^{_ABSENT}\z", "")' if or_empty else made)
        case Slice():
            return _slice(value, found.form)
        case RemoveStart(regex=expression):
            flags, rest = _flags(expression)
            return Vcl(f'regsub({value}, {regex(f"{flags}^(?:{rest})")}, "")')
        case Replace(regex=expression, all=True) if to_python(expression).search("") is not None:
            raise CannotFill("// with an expression that matches the empty text")
        case Replace(regex=expression, new=new, all=is_all):
            return Vcl(
                f"{'regsuball' if is_all else 'regsub'}({value}, {regex(expression)}, {_replacement(new)})"
            )
        case Capture(regex=expression, new=new):
            flags, rest = _flags(expression)
            whole = f"{flags}^.*?(?:{rest}).*$"
            nothing = f"{flags}^(?!.*?(?:{rest})).*$"
            return Vcl(f'regsub(regsub({value}, {regex(nothing)}, ""), {regex(whole)}, {_replacement(new)})')
        case ChangeCase(case=case, regex=expression, all=is_all):
            if expression is not None and is_all:
                raise CannotFill(",," if case == "lower" else "^^")
            if expression is not None:
                return _changed_match(value, case, expression)
            return Vcl(f"std.to{case}({value})")


def _changed_match(value: Vcl, case: str, expression: str) -> Vcl:
    """Return a text in which the first match of an expression is in the other case."""
    flags, rest = _flags(expression)
    any_text = r"[\s\S]*"

    def without(text: Vcl, pattern: str) -> Vcl:
        return Vcl(f'regsub({text}, {regex(flags + pattern)}, "")')

    before = without(value, f"(?:{rest}){any_text}$")
    matched = without(value, f"^(?!{any_text}?(?:{rest})){any_text}$")
    match = without(without(matched, f"^{any_text}?(?=(?:{rest}))"), rf"^(?:{rest})\K{any_text}$")
    after = without(matched, f"^{any_text}?(?:{rest})")
    return Vcl(f"{before} + std.to{case}({match}) + {after}")


_ABSENT = "\u2400"
"""What stands for a missing value where an empty one counts as a value."""


def reading_for(found: Filled) -> Reading:
    """Return what is read for a variable: some forms say what is read where there is no value.

    Raises:
        CannotFill: It is read of the response, where VCL can put nothing in its place.
    """
    match found.form:
        case Default(text=text, only_missing=True):
            missing = text
        case Instead(or_empty=True):
            missing = _ABSENT
        case _:
            return found.reading
    if not found.reading.may_be_missing:
        return found.reading
    if any(part.is_late for part in found.reading.all()):
        raise CannotFill("of a response header")
    return replace(found.reading, missing=missing)


def text(parts: Parts, place: VclMessages = CLIENT, *, is_header: bool = False) -> Vcl:
    """Return the expression of a text with its variables filled in.

    Args:
        parts: The text.
        place: Which subroutines it is for.
        is_header: Whether it becomes the value of a header.
    """
    quoted = header_text if is_header and len(parts) == 1 else string
    return joined(quoted(part) if isinstance(part, str) else filled(part, place) for part in parts)


def _slice(value: Vcl, form: Slice) -> Vcl:
    offset, length = form.offset, form.length
    if offset < 0:
        tail = f"^(?s).*?(.{{0,{-offset}}})\\z"
        value = Vcl(f'regsub({value}, "{tail}", "\\1")')
        offset = 0
    if length is None:
        return Vcl(f'regsub({value}, "^(?s).{{0,{offset}}}", "")') if offset else value
    if length < 0:
        raise CannotFill(":")
    return Vcl(f'regsub({value}, "^(?s).{{0,{offset}}}(.{{0,{length}}}).*\\z", "\\1")')


def _flags(expression: str) -> tuple[str, str]:
    return ("(?i)", expression[4:]) if expression.startswith("(?i)") else ("", expression)


def _replacement(new: Replacement) -> Vcl:
    made = ""
    for part in new:
        if isinstance(part, str):
            if "\\" in part:
                raise CannotFill("\\")
            made += part
        elif part.case:
            raise CannotFill("$" + part.case[:1].upper())
        else:
            made += f"\\{part.number}"
    return string(made)
