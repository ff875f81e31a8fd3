"""URL patterns that match the same paths as a test of the rules, or fewer of them, or more.

Two kinds are written. A path pattern of ordinary parameters reads the same in both languages; URL patterns
count letter case, so it matches fewer links than the rule. Everything else is an expression in a group, with
each letter in both cases where the rule ignores case: it matches exactly what the rule does.

Source: URL Pattern Standard, section 2.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from prefetchrouter.regex import literal
from prefetchrouter.regex.linear import linear_source
from prefetchrouter.regex.parser import parse
from prefetchrouter.regex.tree import Anchor, Series
from prefetchrouter.rules.pattern import PathPattern
from prefetchrouter.rules.pattern_tokens import LiteralText, Parameter, Token

_SPECIAL: Final = re.compile(r"[\\:*?+{}()\[\]]")

_WRITTEN: Final = re.compile(r"\\A|\\z|\\x\{([0-9a-f]+)\}|\\.|\((?!\?)", re.DOTALL)
"""What `linear_source` writes in RE2's own way."""


def quoted(text: str) -> str:
    """Return the URL pattern of a text.

    Example:
        >>> print(quoted("/a:b"))
        /a\\:b
    """
    return _SPECIAL.sub(lambda found: "\\" + found[0], text)


def readable(pattern: PathPattern) -> str | None:
    """Return a path pattern as a URL pattern that counts letter case, or None if it has no such form.

    Example:
        >>> print(readable(PathPattern("/Docs/:rest*")))
        /Docs/:rest*{/}?
        >>> print(readable(PathPattern("/v:n(\\\\d+)")))
        None
    """
    written = [_token(token) for token in pattern.tokens]
    if not pattern.text.startswith("/") or None in written:
        return None
    end = "" if pattern.text.endswith("/") else "{/}?"
    return f"{''.join(map(str, written))}{end}"


def _token(token: Token) -> str | None:
    match token:
        case LiteralText(text=text):
            return quoted(text) if text.isascii() else None
        case Parameter(expression=None, suffix="", stop="", name=str(name), prefix=prefix, modifier=modifier):
            # Only a slash in front comes and goes with a parameter in both languages.
            return f"{prefix}:{name}{modifier}" if prefix == "/" or (not prefix and not modifier) else None
        case Parameter():
            return None


@lru_cache(maxsize=4096)
def of_regex(source: str) -> str | None:
    """Return the URL pattern of the paths in which a rule's expression is found.

    Args:
        source: The expression, with ``(?i)`` in front where case is ignored.

    Returns:
        The pattern, or None if the expression has no equal in a URL pattern, as with a lookahead.

    Example:
        >>> print(of_regex("(?i)^/old"))
        {/}?(.*?(?:^/[Oo][Ll][Dd]).*)
        >>> print(of_regex("^/v[0-9]+$"))
        {/}?(^/v[0-9]+$)
    """
    written = javascript(source)
    # Non-ASCII characters are escapes in a URL, whose letters rules and links may write in either case.
    if written is None or "%" in source or r"\x25" in written:
        return None
    # A pattern that begins with a brace and a slash is not resolved against the page's path.
    return f"{{/}}?({written})" if _is_whole(source) else f"{{/}}?(.*?(?:{written}).*)"


@lru_cache(maxsize=4096)
def javascript(source: str) -> str | None:
    """Return an expression as the group of a URL pattern has it, or None if there is no equal one.

    Groups cannot capture, and have no flags: each letter stands in both cases where the rule ignores case.

    Example:
        >>> print(javascript("(?i)(a|b)$"))
        (?:[Aa]|[Bb])$
    """
    found = linear_source(source, captures=False)
    if found is None or not found.isascii() or "10FFFF" in found:
        return None
    return _WRITTEN.sub(_javascript, found)


def _is_whole(source: str) -> bool:
    """Whether an expression can only match a whole text."""
    tree = parse(source.removeprefix("(?i)")).tree
    return isinstance(tree, Series) and (tree.parts[:1], tree.parts[-1:]) == ((Anchor("^"),), (Anchor("$"),))


def _javascript(found: re.Match[str]) -> str:
    if found[1]:
        return rf"\x{int(found[1], 16):02x}"
    return {r"\A": "^", r"\z": "$", "(": "(?:"}.get(found[0], found[0])


def of_texts(texts: tuple[str, ...], *, ignores_case: bool) -> str | None:
    """Return the URL pattern of the paths that are one of some texts, or None.

    Example:
        >>> print(of_texts(("/a",), ignores_case=True))
        {/}?(^(?:/[Aa])$)
    """
    body = "|".join(map(literal, texts))
    return of_regex(f"{'(?i)' if ignores_case else ''}^(?:{body})$") if texts else None
