"""What a path pattern may say but was hardly meant to, or what makes matching slow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from prefetchrouter.errors import Diagnostic, shown
from prefetchrouter.regex.backtracking import backtracking_warnings, can_explode
from prefetchrouter.regex.tree import ANY, Chars, Repeat, Series, Text, mask_of
from prefetchrouter.rules.pattern_errors import instead_of_regex, is_regex
from prefetchrouter.rules.pattern_parser import read_expression
from prefetchrouter.rules.pattern_tokens import DELIMITERS, LiteralText, Parameter, Token

MAX_REPEATED = 2
"""With more repeated parts than this, a long path that does not fit takes worse than quadratic time."""

MAX_OPTIONAL = 10
"""With more optional parts than this, a path that does not fit can take long."""

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENCODED = re.compile(r"(?:[^!-~]|[\"<>`])+")
_ANGLE = re.compile(r"<(?::?[A-Za-z_]+:)?:?([A-Za-z_][A-Za-z0-9_]*)>")


def warnings_of(text: str, tokens: tuple[Token, ...]) -> tuple[Diagnostic, ...]:
    """Return what to warn of in a pattern.

    Args:
        text: The pattern.
        tokens: What it consists of.

    Example:
        >>> warnings_of("/a/:b", (LiteralText("/a"), Parameter("b", prefix="/")))
        ()
    """
    parameters = [token for token in tokens if isinstance(token, Parameter)]
    found = (
        *_start(text, tokens[0]),
        *_characters(text, tokens),
        *_names(parameters),
        *_speed(parameters),
        *_groups(parameters),
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
    encoded = _ENCODED.sub(lambda found: quote(found[0], errors="replace"), text)
    problem = f"paths hold {shown(found[0])} percent-encoded, as {shown(part)}"
    return _warning(problem, f"write {shown(encoded)}")


def _characters(text: str, tokens: tuple[Token, ...]) -> Iterator[Diagnostic]:
    if not _ENCODED.search(text):
        return
    plain = "".join(
        token.text if isinstance(token, LiteralText) else token.prefix + token.suffix for token in tokens
    )
    angle = _ANGLE.search(text) if "<" in plain else None
    if angle:
        yield _warning(f"{shown(angle[0])} is no parameter", f'write ":{angle[1]}"')
    elif warning := unlikely_characters(plain):
        yield warning if plain == text else _warning(warning.message, "write it percent-encoded")


def _start(text: str, first: Token) -> Iterator[Diagnostic]:
    if is_regex(text):
        yield _warning(
            "text is a path pattern, but this looks like a regular expression", instead_of_regex(text)
        )
        return
    if isinstance(first, LiteralText):
        fits = first.text.startswith("/")
    else:
        before = first.prefix or ("" if first.name is not None else first.suffix)
        fits = first.optional or (before.startswith("/") if before else first.expression is not None)
    if not fits:
        yield _warning('no path fits, because each begins with "/"', f"write {shown('/' + text)}")


def _names(parameters: list[Parameter]) -> Iterator[Diagnostic]:
    for name, count in Counter(token.name for token in parameters).items():
        if isinstance(name, str) and count > 1:
            yield _warning(f'{count} parameters are called ":{name}"', "give each its own name")
        if isinstance(name, str) and name[0].isdigit():
            yield _warning(f'":{name}" is a parameter', f'write "\\:{name}" for the text itself')


def _groups(parameters: list[Parameter]) -> Iterator[Diagnostic]:
    for token in parameters:
        text = token.prefix + token.suffix
        if token.name is None and not token.modifier and _WORD.fullmatch(text):
            yield _warning(f'"{{{text}}}" is the plain text "{text}"', f'write ":{text}" for a parameter')


def _speed(parameters: list[Parameter]) -> Iterator[Diagnostic]:
    for token in parameters:
        if token.expression is not None:
            parsed = read_expression(token.expression)
            yield from parsed.warnings
            yield from backtracking_warnings(token.expression, parsed)
        if token.repeats and token.name is not None and _runs_together(token):
            yield Diagnostic(
                "regex-backtracking",
                f'":{token.name}{token.modifier}" may hold what separates its occurrences, so a path '
                "that does not fit takes exponential time",
                hint=f'leave out "{token.modifier}", or separate them by what the expression cannot hold',
                severity="warning",
            )
    repeated = sum(token.repeats for token in parameters)
    if repeated > MAX_REPEATED:
        yield Diagnostic(
            "regex-backtracking",
            f"{repeated} parts repeat, so a long path that does not fit takes its length to that power",
            hint=f"repeat {MAX_REPEATED} at most",
            severity="warning",
        )
    optional = sum(token.modifier == "?" for token in parameters)
    if optional > MAX_OPTIONAL:
        yield Diagnostic(
            "regex-backtracking",
            f"{optional} parts are optional, so a path that does not fit takes exponential time",
            hint=f"make {MAX_OPTIONAL} optional at most, or write two rules",
            severity="warning",
        )


def _runs_together(token: Parameter) -> bool:
    """Whether one text can be read as different occurrences of a repeated parameter."""
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
