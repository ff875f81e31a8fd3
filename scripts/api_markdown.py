"""Prints public classes, functions and types as Markdown: signature, promise, arguments, errors, example.

griffe reads signatures and docstrings from the source, so nothing is said twice. What only exists at run
time, the options of pydantic models, is read from the models.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import griffe

from prefetchrouter.public import public_names
from prefetchrouter.rules.features import Section
from prefetchrouter.rules.servers import Described

PACKAGES = ("prefetchrouter", "prefetchrouter.testing")

ROOT = Path(__file__).parents[1]
COLUMNS = 88

logging.getLogger("griffe").setLevel(logging.ERROR)  # it warns of arguments that `__new__` has, not the class


def load() -> Any:
    """Return the package as griffe reads it, without importing it."""
    return griffe.load("prefetchrouter", search_paths=[ROOT / "src"], docstring_parser="google")


def text_of(text: str) -> str:
    """Return the text of a docstring as Markdown, with links to the pages that it names."""
    text = text.replace("``", "`")
    text = re.sub(r"`docs/([a-z-]+)\.md`", r"[\1](../\1.md)", text)
    return text.strip()


def promise(thing: Any) -> str:
    """Return the first paragraph of a docstring, on one line."""
    first = thing.docstring.value.strip().split("\n\n")[0] if thing.docstring else ""
    return text_of(" ".join(first.split()))


def entry(name: str, thing: Any, live: Any) -> Iterator[str]:
    """Yield the paragraphs of a public name.

    Args:
        name: The name, as users import it.
        thing: What griffe has read.
        live: The object itself.
    """
    yield f"## {name}"
    if thing.is_attribute:
        yield _code(f"{name} = {thing.value}")
        if thing.docstring:
            yield text_of(thing.docstring.value)
        return
    made = not (thing.is_class and (_is_exception(live) or _is_typed_dict(live)))
    if made and _signature(name, thing):
        yield _code(_signature(name, thing))
    yield from _sections(thing)
    if thing.is_class:
        if anchor := _section_of(live):
            yield f"Its features are [on their page](../features.md#{anchor}), with values and defaults."
        elif _is_model(live):
            rows = [
                f"| `{name}` | {text_of(field.description)} |" for name, field in live.model_fields.items()
            ]
            yield "\n".join(["| option | description |", "| --- | --- |", *rows])
        if values := list(_values(thing, live)):
            yield "\n".join(["| property | type | description |", "| --- | --- | --- |", *values])
        for member in _methods(thing, live):
            yield f"### {name}.{member.name}"
            yield _code(_signature(member.name, member))
            yield from _sections(member)


def _is_exception(live: Any) -> bool:
    return issubclass(live, BaseException)


def _is_typed_dict(live: Any) -> bool:
    return hasattr(live, "__total__")


def _is_model(live: Any) -> bool:
    return hasattr(live, "model_fields")


def _code(text: str) -> str:
    """Return code for reading: tests run blocks that say `python`."""
    return f"```py\n{text}\n```"


# What a docstring says


def _sections(thing: Any) -> Iterator[str]:
    if not thing.docstring:
        return
    for section in thing.docstring.parsed:
        match section.kind.value:
            case "text":
                yield text_of(_rejoined(section.value))
            case "parameters":
                yield "**Arguments**"
                yield "\n".join(f"- `{each.name}`: {_line(each.description)}" for each in section.value)
            case "raises":
                yield "**Raises**"
                yield "\n".join(
                    f"- {_kinds(each.annotation)}: {_line(each.description)}" for each in section.value
                )
            case "admonition" if section.value.kind == "example":
                text = section.value.contents
                yield f"```python\n{text}\n\n```" if ">>>" in text else _code(text)
            case kind:
                raise ValueError(f"{thing.path}: no form for {kind}")


def _kinds(annotation: object) -> str:
    """Return exceptions that share a sentence, each as code."""
    return ", ".join(f"`{name}`" for name in re.findall(r"\w+", str(annotation)))


def _line(text: str) -> str:
    return text_of(" ".join(text.split()))


def _rejoined(text: str) -> str:
    """Return paragraphs without the line breaks of the source; lists and blocks keep theirs."""
    parts = []
    for part in text.split("\n\n"):
        plain = not re.search(r"^(?: {4}|[-*|])", part, re.M)
        parts.append(" ".join(part.split()) if plain else part)
    return "\n\n".join(parts)


# What a class has


def _section_of(live: Any) -> str | None:
    """Return the section of features that a model or a typed mapping is."""
    name = re.sub(r"(Features|Dict)$", "", live.__name__).lower()
    return name if name and name in Section.sections else None


def _ours(live: Any, public: Container[Any]) -> set[str]:
    """Return the names that the class has itself, or from bases that are not public.

    What models share is not for users: how they are read and written.
    """
    shared = set(Section.__mro__) | {Described}
    kinds = [kind for kind in live.__mro__ if kind is live or (kind not in public and kind not in shared)]
    ours = [kind for kind in kinds if kind.__module__.startswith("prefetchrouter")]
    return {name for kind in ours for name in vars(kind) if not name.startswith("_")}


def _members(thing: Any, live: Any) -> Iterator[Any]:
    public = {getattr(sys.modules[package], name) for package in PACKAGES for name in public_names(package)}
    names = _ours(live, public)
    for name, member in thing.all_members.items():
        if name in names:
            member = member.final_target if member.is_alias else member
            if member.docstring:
                yield member


def _values(thing: Any, live: Any) -> Iterator[str]:
    """Yield the rows of the properties, and of attributes that no other table has."""
    if _is_typed_dict(live):
        return
    options = getattr(live, "model_fields", {})
    for member in _members(thing, live):
        if member.is_attribute and member.name not in options:
            kind = _kind(member.annotation).replace("|", "\\|")
            yield f"| `{member.name}` | `{kind}` | {promise(member)} |"


def _methods(thing: Any, live: Any) -> Iterator[Any]:
    return (member for member in _members(thing, live) if member.is_function)


# Signatures


def _kind(annotation: object) -> str:
    return _quoted(str(annotation).replace("typing.", "")) if annotation is not None else ""


def _quoted(text: str) -> str:
    """Return code with the quotation marks of our style."""
    return re.sub(r"'([^'\"]*)'", r'"\1"', text)


def _signature(name: str, thing: Any) -> str:
    """Return how it is called, on one line or with an argument on each."""
    parameters = [part for part in thing.parameters if part.name not in {"self", "cls"}]
    if thing.is_class and not parameters:
        return ""
    parts = list(_parts(parameters))
    returns = f" -> {_kind(thing.returns)}" if thing.is_function and thing.returns else ""
    line = f"{name}({', '.join(parts)}){returns}"
    if len(line) <= COLUMNS:
        return line
    return f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"


def _parts(parameters: list[Any]) -> Iterator[str]:
    """Yield the parameters, with the marks between those by place and those by name."""
    kinds = [part.kind.value for part in parameters]
    starred = False
    for index, part in enumerate(parameters):
        kind = kinds[index]
        if kind == "keyword-only" and not starred and "variadic positional" not in kinds:
            yield "*"
            starred = True
        stars = {"variadic positional": "*", "variadic keyword": "**"}.get(kind, "")
        note = f": {_kind(part.annotation)}" if part.annotation is not None else ""
        default = (
            "" if part.default is None or stars else f"{' = ' if note else '='}{_quoted(str(part.default))}"
        )
        yield f"{stars}{part.name}{note}{default}"
        if kind == "positional-only" and (index + 1 == len(kinds) or kinds[index + 1] != kind):
            yield "/"
