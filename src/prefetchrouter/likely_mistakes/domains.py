"""The possible values of each variable: the table that decides which comparisons are never true.

A domain is described by regular expressions: those that match every value, and those that match no value.
So one table serves strings, lists, patterns and expressions alike; see `comparing.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from prefetchrouter.regex import literal, to_python
from prefetchrouter.rules.conditions import Variable


@dataclass(frozen=True)
class Domain:
    """The possible values of a variable.

    Args:
        form: A description for messages.
        found: Expressions that match every value.
        never: Expressions that match no value.
        may_be_missing: Whether a request may lack the variable; negated comparisons are then true.
        choices: All values, if there are only a few.
    """

    form: str
    found: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    may_be_missing: bool = True
    choices: tuple[str, ...] = ()

    @cached_property
    def _found(self) -> tuple[re.Pattern[str], ...]:
        return tuple(to_python(source) for source in self.found)

    @cached_property
    def _never(self) -> tuple[re.Pattern[str], ...]:
        return tuple(to_python(source) for source in self.never)

    def contains(self, value: str) -> bool:
        """Return whether this is a possible value.

        Example:
            >>> PATH.contains("/a%20b"), PATH.contains("/a?b"), PATH.contains("a")
            (True, False, False)
        """
        return all(pattern.search(value) for pattern in self._found) and not any(
            pattern.search(value) for pattern in self._never
        )


_IN_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@\[\]^{|}-]|%(?:2[02356F]|3[CEF]|5C|60|[89A-F][0-9A-F]))"
_DOT_SEGMENT = r"(?:^|/|%2F|%5C)\.\.?(?:$|/|%2F|%5C|;)"

PATH = Domain(
    'a path: it begins with "/", contains no "?", "#" or "\\" and no ".." segment, '
    "with spaces and non-ASCII letters percent-encoded",
    found=(rf"^/{_IN_PATH}*(?:/{_IN_PATH}+)*/?$",),
    never=("//", _DOT_SEGMENT),
    may_be_missing=False,
)
"""The path as conditions see it (`docs/urls.md`)."""

ORIGIN_PATH = Domain(PATH.form, ("^/[!-~]*$",), ("[?#]",), may_be_missing=False)
"""The path after rewrites, whose destinations may contain more characters than requests."""

_HOST = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])"
_KINDS = {
    "country": Domain('a country of two upper-case letters, or "?"', (r"^(?:[A-Z][A-Z0-9]|\?)$",)),
    "boolean": Domain('"true" or "false"', ("^(?:true|false)$",), choices=("true", "false")),
    "digits": Domain("digits", (r"^(?:[0-9]+|\?)$",)),
    "integer": Domain("a whole number", (r"^-?[0-9]+$",)),
    "decimal": Domain("a number", (r"^(?:-?[0-9]+(?:\.[0-9]+)?|\?)$",)),
    "status": Domain("a status of three digits", ("^[1-9][0-9]{2}$",)),
    "address": Domain('an address, or a block such as "10.0.0.0/8"', ("^[0-9A-Fa-f:.]+$",)),
    "host": Domain("a host name, optionally with a port", (rf"^{_HOST}(?::[0-9]+)?$",), may_be_missing=True),
    "path": PATH,
}
_HEADER = Domain("a string on one line", never=(r"[\x00-\x08\x0A-\x1F\x7F]", r"^[ \t]", r"[ \t]$"))
_COOKIE = Domain('a string without ";"', never=(r"[\x00-\x1F\x7F;]", "^ ", " $"))
_FILE_NAME = Domain('the last part of a path, without "/"', (rf"^{_IN_PATH}*$",), may_be_missing=False)
_EXTENSION = Domain('the part after the last "."', (rf"^{_IN_PATH}*$",), (r"\.",), may_be_missing=False)
_ANY = Domain("a string")


@lru_cache(maxsize=1024)
def domain_of(variable: Variable) -> Domain:
    """Return the possible values of a variable.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> domain_of(variable("device", "is_tablet")).form
        '"true" or "false"'
    """
    spec, name = variable.spec, variable.name
    match variable.namespace:
        case "request" if name == "origin_path":
            return ORIGIN_PATH
        case "request.header":
            return _KINDS["host"] if name == "host" else _HEADER
        case "request.cookie":
            return _COOKIE
        case "request.path":
            return {"filename": _FILE_NAME, "extension": _EXTENSION}.get(str(name), _ANY)
        case _:
            pass
    if spec.value == "choice":
        return _of_choices(spec.choices, missing=variable.namespace != "request")
    return _KINDS.get(spec.value, _ANY)


def _of_choices(choices: tuple[str, ...], *, missing: bool) -> Domain:
    form = "one of " + ", ".join(f'"{choice}"' for choice in choices)
    whole = f"^(?:{'|'.join(map(literal, choices))})$"
    return Domain(form, (whole,), may_be_missing=missing, choices=choices)
