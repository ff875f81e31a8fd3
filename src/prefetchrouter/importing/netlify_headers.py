"""Netlify's headers: blocks of ``_headers``, and ``[[headers]]`` of ``netlify.toml``.

All blocks that match apply. Paths ignore case; a header that stands twice in a block has both values.
Source: the page "Custom headers" of docs.netlify.com.
"""

from __future__ import annotations

import re

from prefetchrouter.importing.header_blocks import HeaderBlock, header_blocks
from prefetchrouter.importing.imported import Imported, ImportedRule, NotUnderstoodError
from prefetchrouter.importing.python_source import Call, Code, Expression
from prefetchrouter.importing.rule_bodies import header_name, header_value, literal_path, literal_regex

_BASIC = "Basic-Auth protects a path by passwords: put it into the rules of your origin"


def read_headers(text: str, file: str, imported: Imported) -> None:
    r"""Read a file ``_headers``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Example:
        >>> read_headers("/assets/*\n  X-A: 1\n  X-A: 2", "_headers", imported := Imported())
        >>> imported.parts[0].criteria, imported.parts[0].sections["headers"]
        ('/assets/:path*', {'set_response_headers': {'X-A': '1, 2'}})
    """
    for block in header_blocks(text, file, imported, can_detach=False):
        add_headers(block, imported)


def add_headers(block: HeaderBlock, imported: Imported) -> None:
    """Add the rule of one block, and remarks on what it cannot hold."""
    values: dict[str, tuple[str, str]] = {}
    for line in block.lines:
        shown = f"{line.name}: {line.value}"
        try:
            name, value = header_name(line.name), header_value(line.value or "")
            if name.lower() == "basic-auth":
                raise NotUnderstoodError(_BASIC)
            before = values.get(name.lower())
            if before is not None and name.lower() == "set-cookie":
                raise NotUnderstoodError("a rule sets one cookie")
            values[name.lower()] = (before[0], f"{before[1]}, {value}") if before else (name, value)
        except NotUnderstoodError as error:
            imported.not_understood(line.source, shown, str(error))
    if not values:
        return
    try:
        criteria = netlify_headers_path(block.path)
    except NotUnderstoodError as error:
        imported.not_understood(block.source, block.path, str(error))
        return
    headers = {"set_response_headers": dict(values.values())}
    imported.parts.append(
        ImportedRule(block.source, criteria, sections={"headers": headers}, comments=block.comments)
    )


def netlify_headers_path(path: str) -> Expression:
    """Return the criteria of a path in ``_headers``, or None if it is every path.

    Raises:
        NotUnderstoodError: No pattern or expression matches the same.

    Example:
        >>> netlify_headers_path("/a/:id/*"), netlify_headers_path("/*.css").arguments
        ('/a/:id/:path*', ('r"^/.*\\\\.css/?$"', 're.I'))
    """
    segments = [segment.rstrip() for segment in path.split("/") if segment.strip()]
    if segments == ["*"]:
        return None
    if any("*" in segment and segment != "*" for segment in segments):
        expression = "".join("/" + _expression(segment) for segment in segments)
        return Call("re.compile", (_raw(f"^{expression}/?$"), Code("re.I")))
    if segments.count("*") > 1:
        raise NotUnderstoodError("a path has one *")
    names = [segment[1:] for segment in segments if segment.startswith(":")]
    if len({*names, "path"}) <= len(names) or not all(
        re.fullmatch(r"[A-Za-z_]\w*", each, re.ASCII) for each in names
    ):
        raise NotUnderstoodError("placeholders have different names, of letters and digits")
    return "".join("/" + _pattern(segment) for segment in segments) or "/"


def _pattern(segment: str) -> str:
    if segment == "*":
        return ":path*"
    if segment.startswith(":"):
        return segment
    return re.sub(r"([\\:(){}*+?])", r"\\\1", literal_path(segment))


def _expression(segment: str) -> str:
    if segment == "*":
        raise NotUnderstoodError("a path has one *")
    if segment.startswith(":"):
        return "[^/]+"
    return ".*".join(literal_regex(part) if part else "" for part in segment.split("*"))


def _raw(expression: str) -> Expression:
    return Code(f'r"{expression}"') if "\\" in expression and '"' not in expression else expression
