"""Reads the `where` of a speculation rule as browsers do, for the patterns that the target writes.

Source: URL Pattern Standard, "Pattern strings"; HTML Standard, document rule predicates.
"""

from __future__ import annotations

import re
from typing import Any


def passes(where: dict[str, Any], path: str, query: str = "", scheme: str = "https") -> bool:
    """Whether a link without any attributes passes."""
    [(kind, value)] = where.items()
    match kind:
        case "and":
            return all(passes(member, path, query, scheme) for member in value)
        case "or":
            return any(passes(member, path, query, scheme) for member in value)
        case "not":
            return not passes(value, path, query, scheme)
        case "selector_matches":
            return False
        case "href_matches":
            link = {"pathname": path, "search": query, "protocol": scheme}
            assert "search" not in value or "pathname" in value, "it would be the path of the page"
            return all(
                re.fullmatch(expression(pattern), link[component], re.DOTALL) is not None
                for component, pattern in value.items()
            )
        case _:
            raise AssertionError(kind)


def expression(pattern: str) -> str:
    """The Python expression of a URL pattern."""
    made, at = "", 0
    while at < len(pattern):
        if pattern[at] == "\\":
            made, at = made + re.escape(pattern[at + 1]), at + 2
        elif pattern[at] == "*":
            made, at = f"{made}.*", at + 1
        elif pattern.startswith("{/}?", at):
            made, at = made + "/?", at + 4
        elif name := re.compile(r"(/?):\w+([?*+]?)").match(pattern, at):
            made, at = made + parameter(*name.groups()), name.end()
        elif pattern[at] == "(":
            end = closing(pattern, at)
            made += f"(?:{in_python(pattern[at + 1 : end])})"
            at = end + 1
        else:
            made, at = made + re.escape(pattern[at]), at + 1
    return made


def in_python(group: str) -> str:
    """The same expression for Python, in which "$" would also be before a line break."""
    return re.sub(r"\\.|\$", lambda found: found[0] if found[0] != "$" else r"\Z", group)


def parameter(slash: str, modifier: str) -> str:
    """A parameter with the slash that comes and goes with it."""
    one = f"{slash}[^/]+"
    if modifier in ("*", "+"):
        return f"(?:{one}){modifier}" if slash else one
    return f"(?:{one}){modifier}"


def closing(pattern: str, start: int) -> int:
    """Where the group that begins at a place ends: the first place that makes it a whole expression."""
    return next(
        at for at in range(start, len(pattern)) if pattern[at] == ")" and is_regex(pattern[start : at + 1])
    )


def is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
