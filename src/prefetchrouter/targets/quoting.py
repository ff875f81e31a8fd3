r"""Text of other languages: what may stand in its files, and templates that print nothing else.

Each language has a type of text, a subclass of `Quoted`. Only functions of that language make it, so that no
value of a rule can leave its place; and an `environment` for that language refuses every other text:

    >>> from jinja2 import DictLoader
    >>> files = DictLoader({"a.js": "const path = {{ path }};"})
    >>> print(environment(JavaScript, files).get_template("a.js").render(path=script_value("</script>\n")))
    const path = "\u003c/script>\n";
    >>> environment(JavaScript, files).get_template("a.js").render(path="/a")
    Traceback (most recent call last):
    TypeError: "/a" is not quoted for JavaScript

A target for another language subclasses `Quoted` and writes the functions that make text of it. Numbers
need no quotes. What macros and blocks return is text of the language, since all in it was quoted.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from jinja2 import BaseLoader, Environment, StrictUndefined
from jinja2.runtime import Macro

from prefetchrouter.printable import printable, shown

Q = TypeVar("Q", bound="Quoted")


class Quoted(str):
    """Text of a language in which each value has been quoted; a subclass for each language.

    Example:
        >>> class Vcl(Quoted):
        ...     '''Text of VCL.'''
        >>> Vcl.joined([Vcl("a"), Vcl("b")], " + ")
        'a + b'
        >>> Vcl.joined([Vcl("a"), "b"], " + ")
        Traceback (most recent call last):
        TypeError: "b" is not quoted for Vcl
    """

    __slots__ = ()

    @classmethod
    def joined(cls: type[Q], texts: Iterable[Q], separator: str = "") -> Q:
        """Return texts of the language as one.

        Args:
            texts: The texts.
            separator: What comes between them, written by us.

        Raises:
            TypeError: One of them is of another language, or of none.
        """
        return cls(separator.join(checked(cls, text) for text in texts))


class JavaScript(Quoted):
    """Text of a script: JavaScript, TypeScript or JSON."""

    __slots__ = ()


class ShellText(Quoted):
    """Text of a POSIX shell script."""

    __slots__ = ()


class TomlText(Quoted):
    """Text of a TOML file, such as wrangler's configuration."""

    __slots__ = ()


_UNSAFE_IN_SCRIPTS = re.compile("[<\u2028\u2029\x7f]")
_NOT_OF_TOML = re.compile('["\\\\\x00-\x1f\x7f]')


def script_value(value: object) -> JavaScript:
    r"""Return plain data as a literal of JavaScript, which is JSON too; it is safe inside a page.

    Example:
        >>> print(script_value({"a": ["<b>", 1, None, True], "é": "\u2028"}))
        {"a":["\u003cb>",1,null,true],"\u00e9":"\u2028"}
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return JavaScript(_UNSAFE_IN_SCRIPTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def shell_word(text: str) -> ShellText:
    """Return a text as one word of a shell.

    Raises:
        ValueError: It holds a NUL, which no argument of a command can.

    Example:
        >>> print(shell_word("it's"), shell_word("/srv/a"))
        'it'"'"'s' /srv/a
    """
    if "\0" in text:
        raise ValueError(f"{shown(text)} holds a NUL, which no argument of a command can")
    return ShellText(shlex.quote(text))


def toml_string(text: str) -> TomlText:
    r"""Return a text as a string of TOML.

    Example:
        >>> print(toml_string('a "b"\n'))
        "a \"b\"\u000A"
    """
    return TomlText(f'"{_NOT_OF_TOML.sub(_toml_escape, text)}"')


def _toml_escape(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04X}"


def comment(language: type[Q], mark: str, text: object) -> Q:
    r"""Return a comment of one line, whatever the text holds.

    Args:
        language: The language.
        mark: What begins a comment that ends with the line, such as ``"#"``.
        text: The text, such as a `Source`.

    Example:
        >>> print(comment(ShellText, "#", "routes.py:3\nrm -rf /"))
        # routes.py:3\nrm -rf /
    """
    return language(f"{mark} {printable(str(text), 200)}")


def checked(language: type[Q], value: object) -> Q:
    """Return a text of a language.

    Raises:
        TypeError: It is of another language, or plain text.
    """
    if isinstance(value, language):
        return value
    raise TypeError(f"{shown(value)} is not quoted for {language.__name__}")


def environment(
    language: type[Quoted], loader: BaseLoader, functions: dict[str, Callable[..., Any]] | None = None
) -> Environment:
    """Return an environment for templates of a language, which prints nothing that is not quoted.

    Args:
        language: The type of its text.
        loader: Where the templates are, such as ``PackageLoader("prefetchrouter.targets.varnish")``.
        functions: What templates may call by these names; also filters.
    """
    made = _Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,
        finalize=lambda value: _printed(language, value),
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.concat = lambda parts: language("".join(parts))  # type: ignore[method-assign]
    made.globals.update(functions or {})
    made.filters.update(functions or {})
    return made


class _Environment(Environment):
    """An environment whose `concat` is its own: what macros return is text of the language."""


def _printed(language: type[Quoted], value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Macro):
        raise TypeError(f"the macro {value.name} is printed without being called")
    return checked(language, value)
