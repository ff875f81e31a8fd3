"""Warnings about path patterns that are valid but probably a mistake, or slow to match."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.regex.backtracking import backtracking_warnings, can_explode
from prefetchrouter.regex.tree import ANY, Chars, Repeat, Series, Text, mask_of
from prefetchrouter.rules.foreign_syntax import parameters, quoted, whole_text
from prefetchrouter.rules.pattern_errors import instead_of_regex, is_regex
from prefetchrouter.rules.pattern_parser import read_expression
from prefetchrouter.rules.pattern_tokens import DELIMITERS, LiteralText, Parameter, Token

MAX_REPEATED = 2
"""With more repeated parts than this, a long path that does not match takes worse than quadratic time."""

MAX_OPTIONAL = 10
"""With more optional parts than this, a path that does not match can take long."""

_AROUND = " \t\r\n\ufeff\"'"
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENCODED = re.compile(r"(?:[^!-~]|[\"<>`])+")
_PLAIN_GROUP = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}(?![?*+])")
_BARE_GROUP = re.compile(r"\{[^{}:(]+:\w+[^{}]*\}(?![?*+])")


ORDINARY = re.compile(r"/|(?:/(?:[\w~-][\w.~-]*|:[A-Za-z_]\w*[?*+]?(?:[.]\w+)?))+/?", re.A)
"""Patterns of plain segments and parameters. Each matches some path, and means the same in every router;
nearly all patterns of a large router are ordinary, and need no further checks."""

_ORDINARY_NAME = re.compile(r":\w+", re.A)


@lru_cache(maxsize=256)
def is_unremarkable(text: str) -> bool:
    """Return whether a text is an `ORDINARY` pattern without warnings; it is not parsed for that.

    Example:
        >>> is_unremarkable("/team/:id"), is_unremarkable("/:id/:id"), is_unremarkable("/{id}")
        (True, False, False)
    """
    if not ORDINARY.fullmatch(text):
        return False
    if ":" not in text:
        return True
    if text.count(":") > 1 and len(set(names := _ORDINARY_NAME.findall(text))) < len(names):
        return False
    return text.count("*") + text.count("+") <= MAX_REPEATED and text.count("?") <= MAX_OPTIONAL


_NAME_THAT_ENDS = re.compile(r"(?<!\\)(:[A-Za-z0-9_]+)(?![A-Za-z0-9_\x00-\x7f])\w+")
"""A name, and letters after it that are not valid in a name."""


def warnings_of(text: str, tokens: tuple[Token, ...]) -> tuple[Diagnostic, ...]:
    """Return the warnings about a pattern.

    Args:
        text: The pattern.
        tokens: Its tokens.

    Example:
        >>> warnings_of("/a/:b", (LiteralText("/a"), Parameter("b", prefix="/")))
        ()
    """
    named = [token for token in tokens if isinstance(token, Parameter)]
    elsewhere = tuple(_foreign(text))
    found = (
        *(elsewhere or (*_start(text, tokens[0]), *_characters(text, tokens))),
        *_speed(named),
        *(() if elsewhere else (*_names(text, named), *_groups(text, named))),
    )
    return tuple(diagnostic.within(shown(text)) for diagnostic in found)


def unlikely_characters(text: str) -> Diagnostic | None:
    """Return the warning for literal text with characters that paths hold percent-encoded only.

    Example:
        >>> print(unlikely_characters("/a b"))
        warning: paths hold " " percent-encoded, as "%20"; write "/a%20b" [unlikely-pattern]
    """
    found = _ENCODED.search(text)
    if found is None:
        return None
    part = quote(found[0], errors="replace")
    encoded = _encoded(text)
    problem = f"paths hold {shown(found[0])} percent-encoded, as {shown(part)}"
    return _warning(problem, f"write {shown(encoded)}")


def _characters(text: str, tokens: tuple[Token, ...]) -> Iterator[Diagnostic]:
    if not _ENCODED.search(text):
        return
    if (name := _NAME_THAT_ENDS.search(text)) is not None:
        ascii_name = unicodedata.normalize("NFKD", name[0]).encode("ascii", "ignore").decode()
        cure = text[: name.start()] + ascii_name + text[name.end() :]
        problem = (
            f"names hold ASCII letters, digits and _, so {shown(name[0])} is the parameter {shown(name[1])}"
        )
        yield _warning(f"{problem} and then text", f"write {quoted(cure)}")
        return
    plain = "".join(
        token.text if isinstance(token, LiteralText) else token.prefix + token.suffix for token in tokens
    )
    if warning := unlikely_characters(plain):
        yield warning if plain == text else _warning(warning.message, f"write {quoted(_encoded(text))}")


def _encoded(text: str) -> str:
    return _ENCODED.sub(lambda found: quote(found[0], errors="replace"), text)


def _foreign(text: str) -> Iterator[Diagnostic]:
    """Yield warnings about syntax of another router, a regular expression, or more than a path."""
    if ORDINARY.fullmatch(text):
        return
    plain = text.strip(_AROUND)
    if plain != text and plain.startswith("/"):
        problem = "a blank, a quote or a byte order mark stands around the path"
        yield _warning(problem, f"write {quoted(plain)}")
        return
    meant = whole_text(text)
    if meant is not None:
        what = meant.says if meant.written == text else f"{shown(meant.written)}: {meant.says}"
        yield _warning(what, f"write {meant.code}")
        return
    if is_regex(text):
        yield _warning(
            "text is a path pattern, but this looks like a regular expression", instead_of_regex(text)
        )
        return
    elsewhere = parameters(text)
    if elsewhere is not None:
        cure = elsewhere[1] if elsewhere[1].startswith(("/", "{/")) else f"/{elsewhere[1]}"
        yield _warning(f"{shown(elsewhere[0])} is not a parameter here", f"write {quoted(cure)}")


def _begins_with_slash(first: Token) -> bool:
    if isinstance(first, LiteralText):
        return first.text.startswith("/")
    before = first.prefix or ("" if first.name is not None else first.suffix)
    return first.optional or (before.startswith("/") if before else first.expression is not None)


def _start(text: str, first: Token) -> Iterator[Diagnostic]:
    if not _begins_with_slash(first):
        path = re.sub(r"^(?:\.{1,2}/)+", "", text.partition("#")[0])
        cure = quoted(f"/{_PLAIN_GROUP.sub(_parameter, path)}")
        yield _warning('no path matches, because each begins with "/"', f"write {cure}")


def _parameter(group: re.Match[str]) -> str:
    return f":{group[1]}"


def _names(text: str, named: list[Parameter]) -> Iterator[Diagnostic]:
    for name, count in Counter(token.name for token in named).items():
        if isinstance(name, str) and count > 1:
            yield _warning(f'{count} parameters are called ":{name}"', "give each its own name")
        if isinstance(name, str) and name[0].isdigit():
            cure = re.sub(rf"(?<!\\):(?={name}\b)", r"\\:", text)
            yield _warning(f'":{name}" is a parameter', f"write {quoted(cure)} for the text itself")


def _groups(text: str, named: list[Parameter]) -> Iterator[Diagnostic]:
    for token in named:
        inner = token.prefix + token.suffix
        if token.name is None and not token.modifier and _WORD.fullmatch(inner):
            cure = _PLAIN_GROUP.sub(_parameter, text)
            cure = cure if cure.startswith("/") else f"/{cure}"
            yield _warning(f'"{{{inner}}}" is the plain text "{inner}"', f"write {quoted(cure)}")
    for found in _BARE_GROUP.finditer(text):
        cure = f"{text[: found.end()]}?{text[found.end() :]}"
        yield _warning(
            f"{shown(found[0])} is not optional, since no ?, * or + follows", f"write {quoted(cure)}"
        )


def _speed(named: list[Parameter]) -> Iterator[Diagnostic]:
    for token in named:
        if token.expression is not None:
            parsed = read_expression(token.expression)
            yield from parsed.warnings
            yield from backtracking_warnings(token.expression, parsed)
        if token.repeats and token.name is not None and _runs_together(token):
            yield Diagnostic(
                "regex-backtracking",
                f'":{token.name}{token.modifier}" may hold what separates its occurrences, so a path '
                "that does not match takes exponential time",
                hint=f'leave out "{token.modifier}", or separate them by what the expression cannot hold',
                severity="warning",
            )
    repeated = sum(token.repeats for token in named)
    if repeated > MAX_REPEATED:
        yield Diagnostic(
            "regex-backtracking",
            f"{repeated} parts repeat, so a long path that does not match takes its length to that power",
            hint=f"repeat {MAX_REPEATED} at most",
            severity="warning",
        )
    optional = sum(token.modifier == "?" for token in named)
    if optional > MAX_OPTIONAL:
        yield Diagnostic(
            "regex-backtracking",
            f"{optional} parts are optional, so a path that does not match takes exponential time",
            hint=f"make {MAX_OPTIONAL} optional at most, or write two rules",
            severity="warning",
        )


def _runs_together(token: Parameter) -> bool:
    """Whether a repeated parameter can split one text in different ways."""
    between = token.suffix + token.prefix
    if token.expression is not None:
        once = read_expression(token.expression).tree
    elif token.stop and token.stop in between:
        return False
    else:
        once = Repeat(Chars(ANY ^ sum(mask_of(delimiter) for delimiter in DELIMITERS)), 1, None, 0, 0)
    return can_explode(Repeat(Series((once, Text(between))), 0, None, 0, 0), ignore_case=True)


def _warning(message: str, hint: str) -> Diagnostic:
    return Diagnostic("unlikely-pattern", message, hint=hint, severity="warning")
