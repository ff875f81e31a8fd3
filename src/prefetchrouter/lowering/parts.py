r"""Texts with feature variables, such as ``"https://%{host}/%{geo_country:=XX}"``, as data.

    parts(r"a%{host}/%{http_x:=none}%{path/^\/(.*)$/$U1}")

    "a"
    Filled(Reading("host"))
    "/"
    Filled(Reading("header-like", "x"), Default("none"))
    Filled(Reading("origin-uri"), Replace("^\\/(.*)$", (GroupText(1, "upper"),)))

A text without variables is a tuple of one text, the empty one an empty tuple.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from prefetchrouter.evaluation.templates import Placeholder
from prefetchrouter.evaluation.templates import parts as template_parts
from prefetchrouter.lowering.readings import Reading, reading_of_name

Case: TypeAlias = Literal["", "upper", "lower"]


@dataclass(frozen=True, slots=True)
class GroupText:
    """What a group of the expression found, in a replacement; the empty text where it found nothing."""

    number: int
    case: Case = ""


Replacement: TypeAlias = tuple[str | GroupText, ...]


@dataclass(frozen=True, slots=True)
class Default:
    """``%{name:=text}``: the text where there is no value; with `only_missing`, not where it is empty."""

    text: str
    only_missing: bool = False


@dataclass(frozen=True, slots=True)
class Instead:
    """``%{name:+text}``: the text where there is a value, else nothing; with `or_empty`, an empty one too."""

    text: str
    or_empty: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """``%{name:offset:length}``: a part of the value, counted from its end where a number is negative."""

    offset: int
    length: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveStart:
    """``%{name#regex}``: the value without what the expression finds, if it finds it at the start."""

    regex: str


@dataclass(frozen=True, slots=True)
class Replace:
    """``%{name/regex/new}``: what the expression finds first is replaced, with `all` each of them.

    ``%{name%regex}`` is one, too: the expression is at the end, and nothing is put in its place.
    """

    regex: str
    new: Replacement = ()
    all: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """``%{name/=regex/new}``: the new text alone, and nothing where the expression finds nothing."""

    regex: str
    new: Replacement = ()


@dataclass(frozen=True, slots=True)
class ChangeCase:
    """``%{name,}``, ``%{name^}``: the value in lower or upper case; with an expression, what that finds."""

    case: Case
    regex: str | None = None
    all: bool = False


Form: TypeAlias = Default | Instead | Slice | RemoveStart | Replace | Capture | ChangeCase


@dataclass(frozen=True, slots=True)
class Filled:
    """A variable in a text: what is read, and what becomes of it.

    Args:
        reading: What is read; without a value it gives the empty text.
        form: What becomes of the value; None if nothing.
        name: The variable as the rule names it.
    """

    reading: Reading
    form: Form | None = None
    name: str = ""


Part: TypeAlias = str | Filled
Parts: TypeAlias = tuple[Part, ...]

_GROUP = re.compile(r"\$([UL]?)([1-9])")


def parts(text: str, facts: Mapping[str, str] | None = None) -> Parts:
    """Return a text of a feature as its literal texts and the variables between them.

    Args:
        text: The text as the rule has it.
        facts: The mapping of the property from facts to headers.

    Example:
        >>> parts("https://%{host}/")
        ('https://', Filled(reading=Reading(kind='host'), form=None, name='host'), '/')
        >>> parts("%{http_x:=none}")[0].form
        Default(text='none', only_missing=False)
        >>> parts("")
        ()
    """
    found = (
        part if isinstance(part, str) else Filled(reading_of_name(part.name, facts), form_of(part), part.name)
        for part in template_parts(text)
    )
    return joined(part for part in found if part != "")


def joined(found: Iterable[Part]) -> Parts:
    """Return parts with texts that follow one another as one.

    Example:
        >>> joined(["a", "", "b"])
        ('ab',)
    """
    made: list[Part] = []
    for part in found:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        elif part != "":
            made.append(part)
    return tuple(made)


def literal_text(found: Parts) -> str | None:
    """Return the text of parts that hold no variable, or None if they hold one.

    Example:
        >>> literal_text(parts("plain")), literal_text(parts("%{host}"))
        ('plain', None)
    """
    texts = [part for part in found if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(found) else None


def form_of(part: Placeholder) -> Form | None:
    """Return what becomes of the value of a variable, or None if nothing.

    Example:
        >>> form_of(template_parts("%{host:0:3}")[1])
        Slice(offset=0, length=3)
    """
    argument, regex = part.argument, part.regex
    match part.operator:
        case ":=" | "=":
            return Default(argument, part.operator == "=")
        case ":+" | "+":
            return Instead(argument, part.operator == "+")
        case ":":
            offset, _, length = argument.partition(":")
            return Slice(int(offset), int(length) if length else None)
        case "#":
            return RemoveStart(regex or "")
        case "%" | "/" | "//":
            return Replace(regex or "", tuple(_replacement(argument)), part.is_global)
        case "/=":
            return Capture(regex or "", tuple(_replacement(argument)))
        case "," | ",," | "^" | "^^":
            return ChangeCase("lower" if "," in part.operator else "upper", regex, part.is_global)
        case _:
            return None


def _replacement(text: str) -> Iterator[str | GroupText]:
    cases: dict[str, Case] = {"U": "upper", "L": "lower", "": ""}
    at = 0
    for found in _GROUP.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield GroupText(int(found[2]), cases[found[1]])
        at = found.end()
    if at < len(text):
        yield text[at:]
