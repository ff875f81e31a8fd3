"""The kinds of value that features accept, one check each: header names, status codes, lists.

A check returns the validated value or raises `Problems`; `Checked` makes a field type of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from prefetchrouter.errors import did_you_mean, shown
from prefetchrouter.rules.feature_errors import Problems, problem, wrong
from prefetchrouter.rules.header_syntax import bad_in_name

T = TypeVar("T")
Check = Callable[[object], T]

MOST_INTEGER = 2**53 - 1
"""The largest whole number that every JSON parser keeps exact."""

MOST_COMMENT = 2000
"""The longest comment that the vendor accepts, in characters."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HEADER_NAME = re.compile(r"[+]?[-_a-zA-Z0-9.]+")
"""The subset of token characters that the vendor accepts."""
_VENDOR_STATUS = frozenset({888, 893})
_TRUTH = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Marks a field whose value one function checks.

    Args:
        check: Returns the validated value, or raises.
        accepts: The type of what a user writes, for the typed dictionaries.
        form: The same in words, for the page of features.
    """

    check: Check[object]
    accepts: Any
    form: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)


def refusal(value: object, expected: str, hint: str | None = None) -> Problems:
    """Return the problem of a value of the wrong kind."""
    return Problems([((), wrong(value, expected, hint))])


def text(value: object) -> str:
    """Any text that UTF-8 can hold."""
    if not isinstance(value, str):
        is_code = type(value) is int and 0 <= value < 1000
        raise refusal(value, "text", f'did you mean "{value}"?' if is_code else None)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise problem(f"{shown(value)} holds half of a surrogate pair, which no file can") from None
    return str.__str__(value)


def some_text(value: object) -> str:
    """Text that is not empty."""
    if value == "":
        raise problem("it is empty", expected="text")
    return text(value)


def comment(value: object) -> str:
    """Text of at most 2000 characters."""
    note = text(value)
    if len(note) > MOST_COMMENT:
        raise problem(f"the comment has {len(note)} characters", expected=f"at most {MOST_COMMENT}")
    return note


def ascii_line(value: object) -> str:
    """Printable ASCII on one line; may be empty."""
    line = text(value)
    if line.isascii() and line.isprintable():
        return line
    if "\n" in line or "\r" in line:
        raise problem(f"{shown(line)} has a line break", expected="one line of printable ASCII")
    bad = next(c for c in line if not (c.isascii() and c.isprintable()))
    raise problem(
        f"{shown(line)} holds {bad!a}, which is not printable ASCII", expected="one line of printable ASCII"
    )


def url_text(value: object) -> str:
    """Text that becomes part of a URL: without line breaks and other control characters."""
    found = text(value)
    bad = _CONTROL.search(found)
    if bad is None:
        return found
    what = "a line break" if bad[0] in "\r\n" else f"the control character {bad[0]!a}"
    stripped = _CONTROL.sub("", found.strip())
    hint = f"write {shown(stripped)}" if stripped == found.strip() else "write it without"
    raise problem(f"{shown(found)} holds {what}", expected="a URL without control characters", hint=hint)


def matching(pattern: str, expected: str) -> Check[str]:
    """Return a check for text that a regular expression matches as a whole."""
    compiled = re.compile(pattern)

    def check(value: object) -> str:
        found = text(value)
        if compiled.fullmatch(found):
            return found
        raise problem(f"{shown(found)} is not {expected.partition(' (')[0]}", expected=expected)

    return check


token_name = matching(r"[-_.a-zA-Z0-9]+", "a name (letters, digits, dash, underscore and dot)")
variable_name = matching(r"[-_.a-zA-Z0-9]+", "a variable name (letters, digits, dash, underscore and dot)")
media_type = matching(
    r"[-+a-zA-Z0-9]+/[-+.a-zA-Z0-9]+", 'a media type (such as "text/html", without wildcards)'
)
extensions = matching(r"(?:\.[^.\s]+\s*)+", 'a file extension (such as ".mp4")')


def header_name(value: object) -> str:
    """A header's name: a token, as `header_syntax` has it, of what the vendor takes; a leading + appends."""
    name = text(value)
    bad = bad_in_name(name.removeprefix("+"))
    if bad is None and _HEADER_NAME.fullmatch(name):
        return name
    if bad == "":
        raise problem("a header name is empty", expected="a name")
    if bad is None:
        bad = next((c for c in name.removeprefix("+") if not _HEADER_NAME.fullmatch(c)), "+")
    raise problem(
        f"{shown(name)} is not a header name: it holds {bad!a}",
        expected="letters, digits, dash, underscore and dot",
        hint=_meant_header(name),
    )


def _meant_header(name: str) -> str | None:
    """Return the name without the characters around or between its words, where that is valid."""
    likely = re.sub(r"\s+", "-", name.partition(":")[0].strip())
    return f'did you mean "{likely}"?' if _HEADER_NAME.fullmatch(likely) else None


def choice(*options: str) -> Check[str]:
    """Return a check for one of a few words."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in options:
            return str.__str__(value)
        spellings = (value, value.upper(), value.lower()) if isinstance(value, str) else ()
        hint = next(filter(None, (did_you_mean(word, options) for word in spellings)), None)
        raise refusal(value, "one of " + ", ".join(f'"{option}"' for option in options), hint)

    return check


def flag(value: object) -> bool:
    """True or False."""
    if isinstance(value, bool):
        return value
    truth = _TRUTH.get(shown(value).strip('"').lower())
    raise refusal(value, "True or False", f"did you mean {truth}?" if truth is not None else None)


def literal_true(value: object) -> bool:
    """True, and nothing else."""
    if value is not True:
        raise refusal(value, "True", "omit it to leave it unset" if value is False else None)
    return value


def integer(value: object) -> int:
    """A whole number."""
    if type(value) is not int or abs(value) > MOST_INTEGER:
        raise refusal(value, f"a whole number of at most {MOST_INTEGER}", _number_hint(value))
    return value


def natural(value: object) -> int:
    """A whole number, 0 or more."""
    if integer(value) < 0:
        raise refusal(value, "0 or more")
    return integer(value)


def number(value: object) -> int | float:
    """A number, kept as it was written."""
    if type(value) not in {int, float} or not abs(value) <= MOST_INTEGER:  # type: ignore[arg-type]
        raise refusal(value, "a number", _number_hint(value))
    return value  # type: ignore[return-value]


def _number_hint(value: object) -> str | None:
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15
    return f"did you mean {int(str(value))}?" if is_number else None


def status(value: object) -> int:
    """A status code: 100 to 599, or one of the two that the vendor adds."""
    if type(value) is int and (100 <= value <= 599 or value in _VENDOR_STATUS):
        return value
    raise refusal(value, "a status code from 100 to 599", _number_hint(value))


def status_or_line(value: object) -> int | str:
    """A status code, or text that gives one, such as "%{status}"."""
    return ascii_line(value) if isinstance(value, str) else status(value)


def status_key(value: object) -> str:
    """A status code as the key of a mapping; kept as text."""
    key = str(value) if type(value) is int and 0 <= value < 1000 else value
    if isinstance(key, str) and len(key) == 3 and key.isascii() and key.isdigit() and "1" <= key[0] <= "5":
        return str.__str__(key)
    raise problem(f"{shown(value)} is not a status code", expected='a key from "100" to "599"')
