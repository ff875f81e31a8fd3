"""Texts with variables, such as ``"https://%{host}/%{geo_country:=XX}"``, as expressions of VCL."""

from __future__ import annotations

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
from prefetchrouter.targets.varnish.vcl_readings import CLIENT, Place, Read, read
from prefetchrouter.targets.varnish.vcl_text import Vcl, header_text, joined, regex, string


class CannotFill(Exception):
    """VCL has no way to do what a variable asks for; the text is the form."""


def filled(found: Filled, place: Place = CLIENT) -> Vcl:
    """Return the expression of a variable with its form.

    Raises:
        CannotFill: VCL cannot do it.

    Example:
        >>> from prefetchrouter.lowering.parts import parts
        >>> print(filled(parts("%{host:=none}")[0]))
        regsub(regsub(req.http.host, ":[0-9]+\\z", ""), "^\\z", "none")
    """
    own = read(found.reading, place)
    value = own.value
    match found.form:
        case None:
            return value
        case Default(text=text, only_missing=only_missing):
            if only_missing:
                return _if_missing(own, text)
            return Vcl(f'regsub({value}, "^\\z", {_replacement((text,))})')
        case Instead(text=text, or_empty=or_empty):
            if or_empty and own.present is not None:
                raise CannotFill("+")
            pattern = r"^.*\z" if or_empty else r"^.+\z"
            return Vcl(f'regsub({value}, "(?s){pattern}", {_replacement((text,))})')
        case Slice():
            return _slice(value, found.form)
        case RemoveStart(regex=expression):
            flags, rest = _flags(expression)
            return Vcl(f'regsub({value}, {regex(f"{flags}^(?:{rest})")}, "")')
        case Replace(regex=expression, new=new, all=is_all):
            return Vcl(
                f"{'regsuball' if is_all else 'regsub'}({value}, {regex(expression)}, {_replacement(new)})"
            )
        case Capture(regex=expression, new=new):
            flags, rest = _flags(expression)
            whole = f"{flags}^.*?(?:{rest}).*$"
            nothing = f"{flags}^(?!.*?(?:{rest})).*$"
            return Vcl(f'regsub(regsub({value}, {regex(nothing)}, ""), {regex(whole)}, {_replacement(new)})')
        case ChangeCase(case=case, regex=expression):
            if expression is not None:
                raise CannotFill("," if case == "lower" else "^")
            return Vcl(f"std.to{case}({value})")


def text(parts: Parts, place: Place = CLIENT, *, is_header: bool = False) -> Vcl:
    """Return the expression of a text with its variables filled in.

    Args:
        parts: The text.
        place: Which subroutines it is for.
        is_header: Whether it becomes the value of a header.
    """
    quoted = header_text if is_header and len(parts) == 1 else string
    return joined(quoted(part) if isinstance(part, str) else filled(part, place) for part in parts)


def _if_missing(own: Read, text: str) -> Vcl:
    if own.present is None:
        return own.value
    raise CannotFill("=")


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
