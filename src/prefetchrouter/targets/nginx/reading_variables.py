"""The variables of nginx that hold what tests and texts read of a request.

A variable is the empty text where a request has no such thing. Where an empty value and none are not the same
to a rule, a second variable says which it is: `presence_of`.
"""

from __future__ import annotations

import hashlib
from typing import Final

from prefetchrouter.http.request_target import is_cookie_name, named_parameter
from prefetchrouter.lowering.parts import (
    Capture,
    ChangeCase,
    Default,
    Filled,
    GroupText,
    Instead,
    Parts,
    RemoveStart,
    Replace,
    Slice,
)
from prefetchrouter.lowering.readings import Kind, Reading
from prefetchrouter.rules.features import written
from prefetchrouter.targets.nginx.book import Book, BookLine
from prefetchrouter.targets.nginx.conf_text import (
    ConfText,
    interpolated,
    latin,
    literal,
    pcre,
    quoted,
    value,
    variable_name,
)
from prefetchrouter.targets.nginx.javascript import js_regex, js_text

_PLAIN: Final[dict[Kind, str]] = {
    "path": "$pr_path", "origin-path": "$pr_origin_path", "uri": "$pr_uri", "origin-uri": "$pr_origin_uri",
    "method": "$request_method", "scheme": "$pr_scheme", "upper-scheme": "$pr_upper_scheme",
    "host": "$pr_host_name", "host-and-port": "$pr_http_host", "query": "$pr_query",
    "rule-query": "$pr_rule_query", "rule-origin-query": "$pr_rule_origin_query",
    "client-address": "$pr_client", "status": "$pr_status",
    "content-length": "$upstream_http_content_length", "referring-domain": "$pr_referring_domain",
    "is-args": "$pr_is_args", "is-amp": "$pr_is_amp", "request-uri": "$pr_request_uri",
}  # fmt: skip

_LONGEST: Final = 32 - len("pr_parameter__1_found")

UNREADABLE: Final[frozenset[Kind]] = frozenset({"fact", "platform", "cache-status"})
"""What nginx does not know."""


def variable_of(reading: Reading, book: Book) -> ConfText:
    """Return the variable that holds what is read, whose map is added where it needs one.

    Example:
        >>> variable_of(Reading("header", "accept-language"), Book())
        '$http_accept_language'
    """
    own = _own(reading, book)
    if reading.empty is not None or reading.before:
        entries = (
            [BookLine(quoted(f"~^{literal(reading.empty)}\\z"), ConfText('""'))] if reading.empty else []
        )
        name = f"pr_read_{book.number('read')}"
        own = book.add(name, own, [BookLine(ConfText('""'), ConfText('""')), *entries], _before(reading, own))
    if reading.otherwise is not None:
        other = variable_of(reading.otherwise, book)
        own = book.add(f"pr_read_{book.number('read')}", own, [BookLine(ConfText('""'), other)], own)
    if reading.missing is not None:
        missing = quoted(reading.missing)
        own = book.add(f"pr_read_{book.number('read')}", own, [BookLine(ConfText('""'), missing)], own)
    return own


def presence_of(reading: Reading, book: Book) -> ConfText | None:
    """Return the variable that is 1 if there is such a thing, even empty, or None if that is unknown.

    It costs a call of JavaScript for headers and parameters: use it where the value is empty, and not before.

    Example:
        >>> presence_of(Reading("header", "x-kind"), Book())
        '$pr_js_present1'
    """
    own = _own_presence(reading, book)
    if own is None or reading.otherwise is None:
        return own
    other = presence_of(reading.otherwise, book)
    return other and book.add(f"pr_has_{book.number('has')}", own, [BookLine(ConfText("0"), other)], own)


def _own_presence(reading: Reading, book: Book) -> ConfText | None:
    name = reading.name
    if reading.missing is not None or reading.empty is not None:
        return None
    match reading.kind:
        case "header" | "header-like" | "response-header-like":
            known = js_text(_own(reading, book)[1:])
            return book.function("present", f"return r.variables[{known}] === undefined ? '0' : '1';")
        case "parameter":
            return book.function(
                "present", f"return parameter(r, {js_text(named_parameter(name))}) === undefined ? '0' : '1';"
            )
        case "cookie" | "cookie-like" if not is_cookie_name(name):
            return ConfText("0")
        case "cookie":
            return _found(book, "$http_cookie", f"~(?:^|;)[ \\t]*{_cookie_name(name)}=")
        case "cookie-like":
            return _found(book, "$http_cookie", f"~(?i)(?:^|;)[ \\t]*{_like(name)}=")
        case "encoded-parameter":
            return _found(book, "$pr_query", f"~(?:^|&){literal(name)}=")
        case _:
            return None


def _found(book: Book, source: str, regex: str) -> ConfText:
    entry = BookLine(quoted(regex), ConfText("1"))
    return book.add(f"pr_has_{book.number('has')}", source, [entry], ConfText("0"))


def _before(reading: Reading, own: ConfText) -> ConfText:
    return interpolated([reading.before, own])


def _own(reading: Reading, book: Book) -> ConfText:
    name = reading.name
    match reading.kind:
        case "cookie" | "cookie-like" if not is_cookie_name(name):
            return ConfText("$pr_empty")
        case "header" | "header-like":
            return ConfText(f"$http_{_header(name)}")
        case "response-header-like":
            return ConfText(f"$upstream_http_{_header(name)}")
        case "cookie":
            return _captured(
                book,
                "cookie",
                name,
                "$http_cookie",
                f"(?:^|;)[ \\t]*{_cookie_name(name)}=",
                "[^;]*?",
                "[ \\t]*(?:;|$)",
            )
        case "cookie-like":
            like = _like(name)
            return _captured(
                book, "cookie", name, "$http_cookie", f"(?i)(?:^|;)[ \\t]*{like}=", "[^;]*?", "[ \\t]*(?:;|$)"
            )
        case "parameter":
            return _parameter(book, name)
        case "encoded-parameter":
            return _captured(book, "arg", name, "$pr_query", f"(?:^|&){literal(name)}=", "[^&]*", "")
        case "file-name":
            return _part(book, "file", "[^/]*$")
        case "extension":
            return _part(book, "extension", "(?<=\\.)[^/.]*$")
        case "directory":
            return _part(book, "directory", "^.*(?=/[^/]*$)")
        case "random":
            return book.function("random", f"return random(r, {js_text(name)});")
        case "protocol":
            return book.add("pr_protocol", "$pr_empty", (), ConfText('"HTTP/1.1"'))
        case "request-line":
            return book.add(
                "pr_request_line", "$pr_empty", (), ConfText('"$request_method $pr_request_uri HTTP/1.1"')
            )
        case "fact" if name in book.facts:
            fact = value(book.facts[name])
            return book.add(f"pr_fact_{book.number('fact')}", "$pr_empty", (), fact)
        case kind if kind in _PLAIN:
            return ConfText(_PLAIN[kind])
        case _:
            return ConfText("$pr_empty")


def _header(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name.lower())


def _cookie_name(name: str) -> str:
    """Return a name as it is in a header, whose characters beyond ASCII are single bytes."""
    return latin("".join(literal(part) if part.isascii() else part for part in name))


def _like(name: str) -> str:
    return "".join("[^A-Za-z0-9=;]" if character == "_" else literal(character) for character in name)


def _part(book: Book, what: str, regex: str) -> ConfText:
    capture = f"pr_{what}_found"
    return book.add(
        f"pr_{what}", "$pr_path", [BookLine(quoted(f"~(?<{capture}>{regex})"), ConfText(f"${capture}"))]
    )


def _short(name: str) -> str:
    """Return a name as a part of the names of variables: a long one by its hash.

    The name of a group may have 32 characters before PCRE2 10.44, a variable as many as a bucket of nginx's
    hash table has, 64 by default.
    """
    text = variable_name(name)
    return text if len(text) <= _LONGEST else hashlib.blake2s(name.encode(), digest_size=5).hexdigest()


def _captured(book: Book, kind: str, name: str, source: str, start: str, what: str, end: str) -> ConfText:
    own = f"pr_{kind}_{_short(name)}"
    if own in {known.name for known in book.maps}:
        own += f"_{book.number(own)}"
    regex = f"~{start}(?<{own}_found>{what}){end.replace('$', chr(92) + 'z')}"
    return book.add(own, source, [BookLine(quoted(regex), ConfText(f"${own}_found"))])


def _parameter(book: Book, name: str) -> ConfText:
    """Return the first value of a parameter, decoded; by JavaScript where the query is encoded."""
    name = named_parameter(name)
    code = f"return parameter(r, {js_text(name)}) || '';"
    script = book.function("parameter", code)
    plain = _captured(book, "parameter", name, "$pr_origin_query", f"(?:^|&){literal(name)}=", "[^&]*", "")
    entry = BookLine(quoted("~[%+]"), script)
    return book.add(f"pr_decoded_{_short(name)}", "$pr_origin_query", [entry], plain)


def text_of(parts: Parts, book: Book) -> ConfText:
    """Return a text with variables as a quoted value.

    Example:
        >>> text_of(("a", Filled(Reading("method"))), Book())
        '"a${request_method}"'
    """
    return book.text(part if isinstance(part, str) else filled_variable(part, book) for part in parts)


def filled_variable(part: Filled, book: Book) -> ConfText:
    """Return the variable that holds the value of a variable in a text, as its form makes it."""
    own = variable_of(part.reading, book)
    name = f"pr_form_{book.number('form')}"
    empty = ConfText('""')
    match part.form:
        case None:
            return own
        case Default(text=text, only_missing=only_missing):
            made = book.text([text])
            present = presence_of(part.reading, book) if only_missing else None
            if present is not None:
                made = book.add(f"{name}_missing", present, [BookLine(ConfText("0"), made)], empty)
            return book.add(name, own, [BookLine(empty, made)], own)
        case Instead(text=text, or_empty=or_empty):
            made = book.text([text])
            present = presence_of(part.reading, book) if or_empty else None
            if present is None:
                return book.add(name, own, [BookLine(empty, empty)], made)
            of_empty = book.add(f"{name}_there", present, [BookLine(ConfText("1"), made)], empty)
            return book.add(name, own, [BookLine(empty, of_empty)], made)
        case form:
            return book.function("form", _form_code(own, form))


def _form_code(own: ConfText, form: object) -> str:
    read = f"var text = r.variables[{js_text(own[1:])}] || '';\n"
    match form:
        case Slice(offset=offset, length=length):
            size = "undefined" if length is None else str(length)
            return f"{read}return slice(text, {offset}, {size});"
        case RemoveStart(regex=regex):
            return f"{read}return remove_start(text, {js_regex(regex)});"
        case Replace(regex=regex, new=new, all=all_of_them):
            return f"{read}return replace(text, {js_regex(regex, 'g' if all_of_them else '')}, {_new(new)});"
        case Capture(regex=regex, new=new):
            return f"{read}return capture(text, {js_regex(regex)}, {_new(new)});"
        case ChangeCase(case=case, regex=regex, all=all_of_them):
            found = "null" if regex is None else js_regex(regex, "g" if all_of_them else "")
            return f"{read}return change_case(text, {js_text(case)}, {found});"
        case _:
            raise AssertionError(f"{form} is not a form of a text")


def _new(parts: tuple[str | GroupText, ...]) -> str:
    made = [
        js_text(part) if isinstance(part, str) else f"[{part.number}, {js_text(part.case)}]" for part in parts
    ]
    return f"[{', '.join(made)}]"


_ = (pcre, written)
