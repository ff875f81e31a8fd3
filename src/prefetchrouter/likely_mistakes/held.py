"""What each variable of a condition can hold: the one table that says which comparisons can never be true.

A value is described by regular expressions: those that are found in each value, and those that are found in
none. So one table answers for text, lists, patterns and expressions alike; see `comparing.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from prefetchrouter.regex import literal, to_python
from prefetchrouter.rules.conditions import Variable


@dataclass(frozen=True)
class Held:
    """What a variable can hold.

    Args:
        form: The same in words.
        found: Expressions that are found in each value.
        never: Expressions that are found in no value.
        may_be_missing: Whether a request may have no such thing; comparisons with ``not`` are then true.
        choices: All values, where these are few.
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

    def holds(self, value: str) -> bool:
        """Return whether it can be this text.

        Example:
            >>> PATH.holds("/a%20b"), PATH.holds("/a?b"), PATH.holds("a")
            (True, False, False)
        """
        return all(pattern.search(value) for pattern in self._found) and not any(
            pattern.search(value) for pattern in self._never
        )


_IN_PATH = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@\[\]^{|}-]|%(?:2[02356F]|3[CEF]|5C|60|[89A-F][0-9A-F]))"
_DOT_SEGMENT = r"(?:^|/|%2F|%5C)\.\.?(?:$|/|%2F|%5C|;)"

PATH = Held(
    'a path: it begins with "/", holds no "?", "#" or "\\" and no ".." segment, '
    "and spaces and letters outside ASCII percent-encoded",
    found=(rf"^/{_IN_PATH}*(?:/{_IN_PATH}+)*/?$",),
    never=("//", _DOT_SEGMENT),
    may_be_missing=False,
)
"""The path as conditions see it; `docs/urls.md` says how it comes about."""

ORIGIN_PATH = Held(PATH.form, ("^/[!-~]*$",), ("[?#]",), may_be_missing=False)
"""The path after rewrites, whose destinations may hold more than requests do."""

_HOST = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])"
_KINDS = {
    "country": Held('a country of two upper-case letters, or "?"', (r"^(?:[A-Z][A-Z0-9]|\?)$",)),
    "boolean": Held('"true" or "false"', ("^(?:true|false)$",), choices=("true", "false")),
    "digits": Held("digits", (r"^(?:[0-9]+|\?)$",)),
    "integer": Held("a whole number", (r"^-?[0-9]+$",)),
    "decimal": Held("a number", (r"^(?:-?[0-9]+(?:\.[0-9]+)?|\?)$",)),
    "status": Held("a status of three digits", ("^[1-9][0-9]{2}$",)),
    "address": Held('an address, or a block such as "10.0.0.0/8"', ("^[0-9A-Fa-f:.]+$",)),
    "host": Held("a host name, perhaps with a port", (rf"^{_HOST}(?::[0-9]+)?$",), may_be_missing=True),
    "path": PATH,
}
_HEADER = Held("text on one line", never=(r"[\x00-\x08\x0A-\x1F\x7F]", r"^[ \t]", r"[ \t]$"))
_COOKIE = Held('text without ";"', never=(r"[\x00-\x1F\x7F;]", "^ ", " $"))
_FILE_NAME = Held('the last part of a path, without "/"', (rf"^{_IN_PATH}*$",), may_be_missing=False)
_EXTENSION = Held('what follows the last "."', (rf"^{_IN_PATH}*$",), (r"\.",), may_be_missing=False)
_ANY = Held("text")


@lru_cache(maxsize=1024)
def held_by(variable: Variable) -> Held:
    """Return what a variable can hold.

    Example:
        >>> from prefetchrouter.rules.conditions import variable
        >>> held_by(variable("device", "is_tablet")).form
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


def _of_choices(choices: tuple[str, ...], *, missing: bool) -> Held:
    form = "one of " + ", ".join(f'"{choice}"' for choice in choices)
    whole = f"^(?:{'|'.join(map(literal, choices))})$"
    return Held(form, (whole,), may_be_missing=missing, choices=choices)
