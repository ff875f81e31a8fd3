"""Recognises the pattern syntax of other routers, CDNs and languages, and writes it as criteria.

Each row of a table says how such a text looks and what to write instead. Sources: the documentation of the
routers and servers that a row names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

LONGEST = 500
"""Longer texts are not examined: they are rarely typed by hand."""


class Meant(NamedTuple):
    """The probable intent of a text.

    Args:
        written: The part of it that means something elsewhere.
        says: What that part is here, in a few words.
        code: What to write for the whole text, as Python code for the place of criteria.
    """

    written: str
    says: str
    code: str


Replacement: TypeAlias = "str | Callable[[re.Match[str]], str]"

_EXPRESSIONS = {
    **dict.fromkeys(("int", "integer", "num", "number", "digits"), r"(\d+)"),
    "float": r"([\d.]+)",
    "path": "*",
}
"""Types of parameters in other routers, and their expressions here."""


def _typed(found: re.Match[str]) -> str:
    """Return a parameter for a name with a type or an expression, as in ``<int:id>`` and ``{id:[0-9]+}``."""
    name, kind = found["name"], found["kind"] or ""
    if name in _EXPRESSIONS and kind and kind not in _EXPRESSIONS:
        name, kind = kind, name  # Bottle has them the other way round
    kind = re.sub("(?<=[a-z])\x00.*", "", kind)  # the arguments of a type
    if kind.isidentifier() or not kind:
        return f":{name}{_EXPRESSIONS.get(kind, '')}"
    return f":{name}({kind})"


def _one_of(found: re.Match[str]) -> str:
    return f"({found['words'].replace(',', '|')})"


_TYPES = "int|integer|num|number|digits|float|str|string|alpha|slug|uuid"

PARAMETERS: tuple[tuple[str, Replacement], ...] = (
    (r"[$#]\{(?P<name>[A-Za-z_]\w*)\}", r":\g<name>"),  # templates of JavaScript and Ruby
    (r"%[sd](?!\w)", ":id"),  # printf
    (r"\{(?P<words>\w+(?:[,|]\w+)+)\}", _one_of),  # shells, globs
    (rf":(?P<name>[A-Za-z_]\w*)\((?P<kind>{_TYPES})\)", _typed),  # AdonisJS
    (r"\[\[\.\.\.(?P<name>[A-Za-z_]\w*)\]\]", r":\g<name>*"),  # Next.js
    (r"\[\.\.\.(?P<name>[A-Za-z_]\w*)\]", r":\g<name>+"),  # Next.js, Nuxt, SvelteKit, Astro
    (r"\[\[(?P<name>[A-Za-z_]\w*)(?:=\w+)?\]\]", r":\g<name>?"),  # SvelteKit
    (r"\[(?P<name>[A-Za-z_]\w*)=(?P<kind>\w+)\]", _typed),  # SvelteKit
    (r"\[(?P<name>[A-Za-z_]\w*)\]", r":\g<name>"),  # Next.js, Nuxt, SvelteKit, Astro
    (r"(?<=/)\(\$(?P<name>[A-Za-z_]\w*)\)", r":\g<name>?"),  # Remix
    (r"(?<=/)\$(?P<name>[A-Za-z_]\w*)(?!\{)", r":\g<name>"),  # Remix, TanStack Router
    (
        r"<(?::?(?P<kind>[a-z]+(?:\x00[0-9]+\x01)?):)?:?(?P<name>[A-Za-z_]\w*)>",
        _typed,
    ),  # Flask, Django, Bottle
    (r"\{\*\*?(?P<name>[A-Za-z_]\w*)\}", r":\g<name>*"),  # ASP.NET
    (r"\{(?P<name>[A-Za-z_]\w*)\.\.\.\}", r":\g<name>*"),  # Go
    (r"\{(?P<name>[A-Za-z_]\w*)\?\}", r":\g<name>?"),  # Laravel, ASP.NET
    (r"(?<!:)\{(?P<name>[A-Za-z_]\w*):(?P<kind>\w+)\??\}", _typed),  # FastAPI, ASP.NET
    (r"(?<!:)\{(?P<name>[A-Za-z_]\w*):(?P<kind>[^{}]*(?:\{[0-9,]+\}[^{}]*)*)\}", _typed),  # Spring, Go
    (r"\{(?P<name>[A-Za-z_]\w*)<(?P<kind>[^>]*)>\}", _typed),  # Symfony
    (r":(?P<name>[A-Za-z_]\w*)<(?P<kind>[^>]*)>", _typed),  # Play, AdonisJS
    (r":(?P<name>[A-Za-z_]\w*)\{(?P<kind>[^{}]*[\[\\|+*][^{}]*(?:\{[0-9,]+\})?)\}", _typed),  # Hono
    (r"\((?P<before>[/.])?:(?P<name>[A-Za-z_]\w*)\)", r"{\g<before>:\g<name>}?"),  # Rails
    (r"(?<=/)\*(?P<name>[A-Za-z_]\w*)", r":\g<name>*"),  # path-to-regexp 8, Rails, Gin
)
"""Parameters in other routers, and their replacements. The rows are tried in turn on the whole text."""

_MEANT_HERE = re.compile(r"\\.|\((?:\\.|[^()\\]|\((?:\\.|[^()\\])*\))*\)", re.S)
"""Escapes and expressions in our syntax, which are skipped."""

_IS_PARAMETER = re.compile(rf"\([/.]?:[A-Za-z_]\w*\)|\(\$[A-Za-z_]\w*\)|\((?:{_TYPES})\)")

_OPTIONAL_SLASH = re.compile(r"(?:\{/:|/\{:)(\w+)\}\?")
_GROUP_ONLY = re.compile(r"\{(?P<name>[A-Za-z_]\w*)\}")  # FastAPI, Laravel, OpenAPI


def parameters(text: str) -> tuple[str, str] | None:
    """Return the first parameter of another router in a text, and the text with all of them written as here.

    Example:
        >>> parameters("/a/[id]/[...rest]"), parameters("/users/<int:id>"), parameters("/a/:id")
        (('[...rest]', '/a/:id/:rest+'), ('<int:id>', '/users/:id(\\\\d+)'), None)
    """
    if len(text) > LONGEST:
        return None
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        if _IS_PARAMETER.fullmatch(found[0]):
            return found[0]
        hidden.append(found[0])
        return f"\x00{len(hidden) - 1}\x01"

    def show(changed: str) -> str:
        return re.sub("\x00([0-9]+)\x01", lambda found: hidden[int(found[1])], changed)

    first, changed = None, _MEANT_HERE.sub(hide, text)
    for pattern, replacement in PARAMETERS:
        found = re.search(pattern, changed)
        if found:
            first = first or found[0]
            changed = re.sub(pattern, replacement, changed)
    if first is None:
        return None
    changed = _GROUP_ONLY.sub(r":\g<name>", changed)
    return show(first), show(_OPTIONAL_SLASH.sub(r"/:\1?", changed))


_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_QUERY = re.compile(r"(?<!\\)(?:\?|&(?=\w+=))(?=[A-Za-z_%][\w%.\[\]-]*(?:=|&|$))(?P<query>[^?]*)$")
_JAVASCRIPT = re.compile(r"/(?P<body>.*[\\^$|(\[*+].*)/(?P<flags>[dgimsuvy]*)")
_HOST = r"(?:\*\.)?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_FILE = re.compile(
    r"[^/]*\.(?:html?|js|mjs|css|txt|xml|json|png|jpe?g|gif|svg|webp|ico|pdf|php|asp|map)", re.I
)


def whole_text(text: str) -> Meant | None:
    """Return the meaning of a text that names more than a path: a method, a host, a query, an operator.

    Example:
        >>> whole_text("/search?q=:term").code
        '{"path": "/search", "query": {"q": ":term"}}'
        >>> whole_text("GET /a").code
        '{"method": "GET", "path": "/a"}'
    """
    if len(text) > LONGEST:
        return None
    return next((meant for find in _WHOLE if (meant := find(text)) is not None), None)


def _with_method(text: str) -> Meant | None:
    found = re.fullmatch(rf"({_METHODS})\s+(/.*)", text)
    if not found:
        return None
    code = f'{{"method": {quoted(found[1])}, "path": {quoted(_path(found[2]))}}}'
    return Meant(found[1], "a path holds no method", code)


def _nginx(text: str) -> Meant | None:
    found = re.fullmatch(r"(?:location\s+)?(~\*?|=|\^~)\s+(\S+)(?:\s*\{)?", text) or re.fullmatch(
        r"(location)\s+(/\S*)(?:\s*\{)?", text
    )
    if not found:
        return None
    mark, rest = found.groups()
    if mark == "location":
        return Meant(mark, "a path holds no word of a configuration", regex(f"^{_escaped(rest)}"))
    if mark == "=":
        code = f"exact({quoted(rest)})"
    elif mark == "^~":
        code = regex(f"^{_escaped(rest)}")
    else:
        code = regex(rest, ignore_case=mark == "~*")
    return Meant(mark, "a path holds no modifier of a location", code)


_OPERATORS = {"eq": "===", "==": "===", "===": "===", "~": "=~", "matches": "=~", "contains": "in it"}
_ENDS = {"starts_with": "^{}", "ends_with": "{}$"}


def _expression(text: str) -> Meant | None:
    """The languages of Cloudflare and Varnish."""
    found = re.search(r"\(?([\w.]+)\s*(===?|eq|~|matches|contains)\s*r?\"([^\"]*)\"", text)
    if found and not text.startswith("/"):
        subject, operator, value = found.groups()
        if "host" in subject:
            code = f'{{"headers": {{"host": {quoted(value)}}}}}'
        elif _OPERATORS[operator] == "===":
            code = f"exact({quoted(value)})"
        else:
            code = regex(value if _OPERATORS[operator] == "=~" else _escaped(value))
        return Meant(found[0], "a path holds no operator", code)
    found = re.search(r"(starts_with|ends_with)\(([\w.]+)\s*,\s*\"([^\"]*)\"\)", text)
    if found and not text.startswith("/"):
        return Meant(found[0], "a path holds no call", regex(_ENDS[found[1]].format(_escaped(found[3]))))
    return None


def _javascript(text: str) -> Meant | None:
    found = _JAVASCRIPT.fullmatch(text)
    if not found or found["body"].startswith(("*", ":")):
        return None
    raw, body = found["body"], found["body"].replace(r"\/", "/")
    ends = body.startswith("^") or re.search(r"(?<!\\)\$$", body)
    if re.search(r"(?<!\\)/", raw) or not (ends or r"\/" in raw or (found["flags"] and r"\." in raw)):
        return None  # a slash within an expression is escaped in JavaScript
    return Meant(text, "text is a path pattern, not a regular expression", regex(body, "i" in found["flags"]))


def _with_host(text: str) -> Meant | None:
    found = re.fullmatch(rf"(?:(?:https?|\*):)?(//)?({_HOST})(?::[0-9]+)?(/.*)?", text)
    if not found or not (found[1] or found[3]) or _FILE.fullmatch(found[2]):
        return None
    path = _path(found[3] or "/")
    host = found[2].lower()
    test = quoted(host) if "*" not in host else regex(_escaped(host.removeprefix("*")) + "$")
    code = f'{{"headers": {{"host": {test}}}, "path": {quoted(path)}}}'
    return Meant(found[0].removesuffix(found[3] or ""), "a path holds no host", code)


def _path(path: str) -> str:
    """Return a path as a pattern, whichever router's parameters it has."""
    found = parameters(path)
    return starred(found[1] if found else _GROUP_ONLY.sub(r":\g<name>", path))


def starred(path: str) -> str:
    """Return a path with parameters for the stars of other routers.

    Example:
        >>> starred("/a/*/b/*"), starred("/img*.png"), starred("/a/:rest*")
        ('/a/:rest*/b/:rest2*', '/img(.*).png', '/a/:rest*')
    """
    count = 0

    def named(star: re.Match[str]) -> str:
        nonlocal count
        if not star[0].startswith("/"):
            return "(.*)"
        count += 1
        return f"/:rest{count if count > 1 else ''}*"

    return path if re.search(r"[(){}:\\]", path) else re.sub(r"/\*+|\*+", named, path)


def _with_query(text: str) -> Meant | None:
    found = _QUERY.search(text)
    if found and not found.start() and "=" in text:
        return Meant(text, "a path holds no query", f'{{"query": {{{", ".join(tests_of_query(text[1:]))}}}}}')
    if not found or not text.startswith("/") or text.startswith("/^"):
        return None
    path, query = text[: found.start()], found["query"]
    if "=" not in query and not re.search(r":\w+$", path):
        return None
    if re.search(r"[()\\{}]", query):
        return None
    code = f'{{"path": {quoted(_path(path))}, "query": {{{", ".join(tests_of_query(query))}}}}}'
    return Meant(text[found.start() :], "a path holds no query", code)


def _with_variable(text: str) -> Meant | None:
    found = re.match(r"[$%]\{?(?:\w*host\w*|HTTP_HOST)\}?$", text, re.I)
    return found and Meant(found[0], "a path holds no variable", '{"headers": {"host": "shop.example"}}')


def _several(text: str) -> Meant | None:
    parts = re.split(r"\||,?\s+|,", text)
    if len(parts) < 2 or not all(re.fullmatch(r"/[^(){}\\?]*", part) for part in parts):
        return None
    codes = [quoted(_path(part)) for part in parts]
    plain = not any(re.search(r"[:*]", part) for part in parts)
    code = f"[{', '.join(codes)}]" if plain else f"or_({', '.join(codes)})"
    return Meant(text, "a pattern is one path", code)


_WHOLE = (_several, _with_variable, _with_method, _nginx, _expression, _javascript, _with_host, _with_query)


def tests_of_query(query: str) -> Iterator[str]:
    """Return the entries that test the parameters of a query, as code.

    Example:
        >>> list(tests_of_query("item=0&flag&q=*"))
        ['"item": "0"', '"flag": re.compile("")', '"q": ":any"']
    """
    for part in query.split("&"):
        name, found, value = part.partition("=")
        if not name:
            continue
        is_any = value == "*" or value.startswith(("$", "%{", "{"))
        test = 're.compile("")' if not found or not value else '":any"' if is_any else quoted(value)
        yield f"{quoted(name)}: {test}"


def quoted(text: str) -> str:
    """Return text as Python code in double quotes.

    Example:
        >>> quoted('a"b'), quoted(r"/:id(\\d+)")
        ('"a\\\\"b"', 'r"/:id(\\\\d+)"')
    """
    if "\\" in text and '"' not in text and not text.endswith("\\") and text.isprintable():
        return f'r"{text}"'
    return json.dumps(text, ensure_ascii=False)


def regex(source: str, ignore_case: bool = False) -> str:
    """Return a regular expression as Python code.

    Example:
        >>> regex("^/a", True)
        're.compile(r"^/a", re.I)'
    """
    text = f'r"{source}"' if '"' not in source and not source.endswith("\\") else json.dumps(source)
    return f"re.compile({text}{', re.I' if ignore_case else ''})"


def _escaped(text: str) -> str:
    """Return text as an expression for it, escaping no more than is needed."""
    return re.sub(r"([\\^$.|?*+()\[{])", r"\\\1", text)
