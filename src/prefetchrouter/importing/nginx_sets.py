"""``set`` of nginx: variables that have one value for every request, put in where they are used.

A variable has one value if nothing else sets it, and if nothing can end the request or rewrite its path
before. Source: the directive ``set`` of ngx_http_rewrite_module, whose directives run in their order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from prefetchrouter.importing.nginx_conditions import SAME_ALWAYS, variable_of
from prefetchrouter.importing.nginx_conf import Directive

_MAKERS: Final = frozenset(("map", "geo", "split_clients", "auth_request_set", "perl_set", "js_set"))
_READ_BY_NGINX: Final = frozenset(("args", "limit_rate", "memcached_key"))
_EARLIER: Final = frozenset(("return", "rewrite", "if", "break"))
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))", re.ASCII)

_ONLY_A_SERVER: Final = re.compile(r"https?://[^/$]+")


def with_constants(directives: Sequence[Directive]) -> tuple[Directive, ...]:
    """Return directives in which variables with one value are replaced by it, without their ``set``.

    Args:
        directives: Those of a whole configuration.

    Example:
        >>> from prefetchrouter.importing.nginx_conf import parse_conf
        >>> text = "server { set $to /b; location /a { return 301 $to; } }"
        >>> server, = with_constants(parse_conf(text, "a.conf"))
        >>> [inner.line for inner in server.block[0].block]
        ['return 301 /b']
    """
    makers = Counter(_made(directives))
    return _replaced(directives, {}, makers)


def _made(directives: Sequence[Directive]) -> Iterator[str]:
    """The names of variables, once for each directive that makes one."""
    for each in directives:
        if each.name == "set" or each.name in _MAKERS:
            yield from (found.lower() for word in each.arguments if (found := variable_of(word)))
        yield from _made(each.block or ())


def _replaced(
    directives: Sequence[Directive], outer: dict[str, str], makers: Counter[str]
) -> tuple[Directive, ...]:
    constants, made = dict(outer), list[Directive]()
    may_have_ended = False
    for each in directives:
        may_have_ended |= each.name in _EARLIER
        name = _constant(each, constants, makers)
        if name is not None and not may_have_ended:
            constants[name] = _filled(each.arguments[1], constants)
        else:
            made.append(each)
    return tuple(_with(each, constants, makers) for each in made)


def _with(each: Directive, constants: dict[str, str], makers: Counter[str]) -> Directive:
    block = None if each.block is None else _replaced(each.block, constants, makers)
    return replace(each, arguments=tuple(_words(each, constants)), block=block)


def _words(each: Directive, constants: dict[str, str]) -> Iterator[str]:
    """The words with the values in them, where nginx puts values in; what `if` tests stays a variable."""
    for number, word in enumerate(each.arguments):
        stays = (
            each.name in ("set", "location", "server_name", *_MAKERS)
            or (each.name == "rewrite" and number == 0)
            or (each.name == "if" and (number == 0 or "~" in "".join(each.arguments[1:2])))
        )
        filled = word if stays else _filled(word, constants)
        # In a proxy_pass with variables a path replaces the whole path, else only that of the location.
        yield word if each.name == "proxy_pass" and not _ONLY_A_SERVER.fullmatch(filled) else filled


def _constant(each: Directive, constants: dict[str, str], makers: Counter[str]) -> str | None:
    """The name of the variable that a directive gives its one value, else None."""
    if each.name != "set" or len(each.arguments) != 2:
        return None
    name = (variable_of(each.arguments[0]) or "").lower()
    used = [(found[1] or found[2]).lower() for found in _VARIABLE.finditer(each.arguments[1])]
    is_constant = all(use in constants or SAME_ALWAYS.fullmatch(use) for use in used)
    return name if name not in ("", *_READ_BY_NGINX) and makers[name] == 1 and is_constant else None


def _filled(text: str, constants: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return constants.get((found[1] or found[2]).lower(), found[0])

    return _VARIABLE.sub(value, text)
