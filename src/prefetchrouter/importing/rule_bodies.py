"""What redirects, rewrites and headers of other products are written as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from prefetchrouter.http.request_target import as_browsers_write, exact_path_text
from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.python_source import Call, Expression, regex
from prefetchrouter.regex import literal

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_GROUPS = 9
_CAPTURE = re.compile(r"\$[1-9]")
_NAME = re.compile(r":([A-Za-z_]\w*)", re.ASCII)


@dataclass(frozen=True)
class PathTest:
    """What a path has to match.

    Args:
        criteria: The criteria of a rule for it.
        source: The regular expression that `criteria` is; None if it is a list of paths.
        names: The names of its groups, in order.
    """

    criteria: Expression
    source: str | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: str, names: tuple[str, ...]) -> PathTest:
        """Return the test of a regular expression.

        Raises:
            NotUnderstoodError: It has more groups than a destination can name, or two of one name.
        """
        if len(names) > _MOST_GROUPS:
            raise NotUnderstoodError(f"a path has at most {_MOST_GROUPS} placeholders")
        if len(set(names)) < len(names):
            raise NotUnderstoodError("two placeholders have one name")
        return cls(regex(source), source, names)


@dataclass(frozen=True)
class Body:
    """What a rule does: a helper function, features, or both."""

    helper: Call | None = None
    sections: Mapping[str, Expression] | None = None


def literal_path(text: str) -> str:
    """Return literal text of a path, as conditions see it.

    Raises:
        NotUnderstoodError: No request has such a path.

    Example:
        >>> literal_path("/caf%c3%a9 1")
        '/caf%C3%A9%201'
    """
    try:
        path = exact_path_text(as_browsers_write(text))
    except UnicodeEncodeError:
        raise NotUnderstoodError("the path holds half of a character") from None
    if not path.isprintable() or re.search(r'["#?\\<>`]', path) or re.search(r"(?:^|/)\.\.?(?:/|$)", path):
        raise NotUnderstoodError("no request has such a path")
    return path


def literal_regex(text: str) -> str:
    r"""Return the regular expression of literal text of a path.

    Raises:
        NotUnderstoodError: No request has such a path.

    Example:
        >>> literal_regex("/a.b")
        '/a\\.b'
    """
    return literal(literal_path(text))


def filled_in(destination: str, names: tuple[str, ...]) -> str:
    """Return a destination with ``$1`` for the first placeholder, and so on.

    Raises:
        NotUnderstoodError: It names a placeholder that the source does not have, or holds text that would
            be read as a variable.

    Example:
        >>> filled_in("https://shop.example:8080/:b/:splat", ("splat", "b"))
        'https://shop.example:8080/$2/$1'
    """
    if re.search(r"\$\d|%\{|\\", destination) or not destination.isprintable():
        raise NotUnderstoodError("the destination holds $ with a digit, %{ or another special character")

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise NotUnderstoodError(f'the source has no placeholder ":{found[1]}"')
        return f"${names.index(found[1]) + 1}"

    return _NAME.sub(number, destination)


def redirect(test: PathTest, to: str, code: int) -> Body:
    """Return a redirect that keeps the query of the request, unless the destination has its own."""
    address, mark, _ = to.partition("#")
    has_query = "?" in address
    if test.source is None and (not has_query or not re.search(r":\w", address.partition("?")[2])):
        keywords = {} if has_query else {"keep_query": True}
        return Body(Call("lambda route: route.redirect", (to, code), keywords))
    if test.source is not None and not has_query and not mark:
        return Body(Call("lambda route: route.redirect", (to, code), {"keep_query": True}))
    feature: dict[str, Expression] = {"code": code}
    if test.source is not None and _CAPTURE.search(to):
        feature["source"] = _with_query(test.source)
        feature["syntax"] = "regexp"
    if not has_query:
        address += "%{is_args}%{query_string}"
    feature["destination"] = address + to[len(to.partition("#")[0]) :]
    return Body(sections={"url": {"url_redirect": feature}})


def _with_query(source: str) -> str:
    """The same expression, for a path that a query may follow."""
    inner = source.removesuffix("$").replace("(.*)", "([^?]*)").replace("[^/]", "[^/?]")
    if re.search(r"(?<!\\)\.|\[\^(?!/\?|\?)", inner):
        raise NotUnderstoodError("a placeholder with an expression is not imported together with a query")
    return inner + r"(?:\?.*)?$"


def rewrite(imported: Imported, to: str, status: int = 200) -> Body:
    """Return a rewrite to another path, or to another server.

    Args:
        imported: Takes the origin of a URL.
        to: The path or URL, with ``$1`` for groups.
        status: The status to answer with; 200 is that of the origin's response.

    Raises:
        NotUnderstoodError: The URL names no plain host.
    """
    if to.startswith("/") and not to.startswith("//"):
        helper = Call("lambda route: route.update_path", (to,))
    else:
        name, path = imported.origin_for(to)
        helper = Call("lambda route: route.proxy", (name,), {"path": path})
    return Body(helper, None if status == 200 else {"response": {"set_status_code": status}})


def header_value(value: str) -> str:
    """Return the value of a header as text without variables.

    Raises:
        NotUnderstoodError: It holds what no header can.

    Example:
        >>> header_value("a %{host}")
        'a \\\\%{host}'
    """
    if not value.isprintable() or not value.isascii():
        raise NotUnderstoodError("the value of a header is printable ASCII")
    return value.replace("%{", r"\%{")


def header_name(name: str) -> str:
    """Return the name of a header.

    Raises:
        NotUnderstoodError: It is not a name of a header that rules can set.

    Example:
        >>> header_name("X-Frame-Options")
        'X-Frame-Options'
    """
    if not re.fullmatch(r"[-.\w]+", name, re.ASCII):
        raise NotUnderstoodError(f'"{name}" is not a header name: letters, digits, dash, underscore and dot')
    return name
