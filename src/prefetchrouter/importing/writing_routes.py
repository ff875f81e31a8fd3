"""Writes `routes.py` from what was read, as a person would write it."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from prefetchrouter.importing.imported import Imported, ImportedRule, Part, Remark
from prefetchrouter.importing.python_source import WIDTH, Call, Code, Expression, flat, layout

_NAMES = ("Host", "Location", "Origin", "Property", "Router", "and_", "exact", "not_", "or_", "raw")
_MOST_IN_ONE_EXPRESSION = 200
"""Python compiles a chain of calls by recursion, so that of a long file would be too deep."""
_WORTH_A_NAME = 30
"""Repeated mappings that are shorter stay where they are."""


def routes_text(imported: Imported, title: str) -> str:
    """Return the text of the file.

    Args:
        imported: What was read.
        title: The first line of its docstring.
    """
    constants = _constants(imported)
    rules = [_named(part, constants) for part in imported.parts]
    body = "\n".join(_router(rules))
    written = "\n".join((*_constant_lines(constants), *_property(imported), body))
    names = [name for name in _NAMES if re.search(rf"(?<![\w.\"]){name}\(", written)]
    imports = ["import re", ""] if "re.compile(" in written else []
    imports.append(f"from prefetchrouter import {', '.join(names)}")
    head = text_of_docstring(title)
    return "\n".join((head, "", *imports, "", written)) + "\n"


def text_of_docstring(title: str) -> str:
    """Return a docstring of one line.

    Example:
        >>> text_of_docstring("The rules")
        '\"\"\"The rules.\"\"\"'
    """
    plain = "".join(each if each.isprintable() and each not in '\\"' else "?" for each in title)
    return f'"""{plain[: WIDTH - 7]}."""'


def _constants(imported: Imported) -> dict[str, tuple[str, Expression]]:
    """The mappings that several rules share, by their text."""
    counted: Counter[str] = Counter()
    values: dict[str, tuple[str, Expression]] = {}
    for part in imported.parts:
        if isinstance(part, ImportedRule):
            for section, value in part.sections.items():
                written = flat(value)
                counted[written] += 1
                values[written] = (section, value)
    shared = [written for written, count in counted.items() if count > 1 and len(written) > _WORTH_A_NAME]
    numbers: Counter[str] = Counter()
    found = {}
    for written in shared:
        section, value = values[written]
        numbers[section] += 1
        number = f"_{numbers[section]}" if numbers[section] > 1 else ""
        found[written] = (f"{section.upper()}{number}", value)
    return found


def _named(part: Part, constants: dict[str, tuple[str, Expression]]) -> Part:
    if isinstance(part, Remark) or not constants:
        return part
    sections = {
        section: Code(constants[flat(value)][0]) if flat(value) in constants else value
        for section, value in part.sections.items()
    }
    return ImportedRule(
        part.source, part.criteria, part.body, sections, part.chain, part.method, part.comments
    )


def _constant_lines(constants: dict[str, tuple[str, Expression]]) -> Iterator[str]:
    for name, value in constants.values():
        yield f"{name} = {layout(value, 0, len(name) + 3)}"
    if constants:
        yield ""


def _property(imported: Imported) -> Iterator[str]:
    site = imported.property_call
    if site is None and imported.origins:
        origins = [_origin(name, *address) for name, address in imported.origins.items()]
        site = Call("Property", (), {"name": "site", "origins": origins})
    if site is not None:
        yield "site = " + layout(site, 0, len("site = "))
        yield ""


def _origin(name: str, scheme: str, host: str, port: int | None) -> Call:
    location = host if port is None else [Call("Location", (), {"hostname": host, "port": port})]
    server = Call("Host", (), {"location": location, "scheme": scheme})
    return Call("Origin", (), {"name": name, "hosts": [server], "override_host_header": host})


def _router(parts: Sequence[Part]) -> Iterator[str]:
    rules = [part for part in parts if isinstance(part, ImportedRule)]
    is_plain = len(rules) == len(parts) and not any(rule.comments for rule in rules)
    calls = _calls(parts)
    if len(rules) > _MOST_IN_ONE_EXPRESSION or not rules:
        yield "router = Router()"
        for comments, call in calls:
            yield from comments
            if call is not None:
                yield layout(Call(f"router.{call.name}", call.arguments, call.keywords), 0, 0)
        return
    only = [call for _, call in calls if call is not None]
    line = "router = Router()" + "".join(f".{flat(call)}" for call in only)
    if is_plain and len(line) <= WIDTH:
        yield line
    elif is_plain and len(only) == 1:
        call = Call(f"Router().{only[0].name}", only[0].arguments, only[0].keywords)
        yield "router = " + layout(call, 0, len("router = "))
    else:
        yield "router = ("
        yield "    Router()"
        for comments, call in calls:
            yield from (f"    {comment}" for comment in comments)
            if call is not None:
                yield "    ." + layout(call, 4, 5)
        yield ")"


def _calls(parts: Sequence[Part]) -> list[tuple[list[str], Call | None]]:
    """Each call with the comments above it; None if comments end the file."""
    sizes = Counter(part.chain for part in parts if isinstance(part, ImportedRule))
    begun: set[str] = set()
    found: list[tuple[list[str], Call | None]] = []
    comments: list[str] = []
    for part in parts:
        if isinstance(part, Remark):
            comments += _comment(part.comment())
            continue
        comments += (line for comment in part.comments for line in _comment(comment))
        method = part.method
        if part.chain is not None and sizes[part.chain] > 1:
            method = "elif_" if part.chain in begun else "if_"
            begun.add(part.chain)
        arguments = [] if part.criteria is None else [part.criteria]
        if part.criteria is None:
            method = {"match": "always", "elif_": "else_"}.get(method, method)
        if part.body is not None:
            arguments.append(part.body)
        elif not part.sections and part.chain is not None:
            arguments.append({})
        found.append((comments, Call(method, tuple(arguments), part.sections)))
        comments = []
    if comments:
        found.append((comments, None))
    return found


def _comment(text: str) -> Iterator[str]:
    for line in text.splitlines():
        printed = "".join(each if each.isprintable() else "?" for each in line)
        indent = " " * (len(printed) - len(printed.lstrip()))
        for wrapped in textwrap.wrap(
            printed, WIDTH - 8, subsequent_indent=indent + "  ", break_on_hyphens=False
        ):
            yield f"# {wrapped}"
