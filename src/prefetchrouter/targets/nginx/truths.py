"""Tests as variables whose value is 1 or 0."""

from __future__ import annotations

from collections.abc import Iterable

from prefetchrouter.lowering.readings import Reading
from prefetchrouter.lowering.tests import HasNumber, InNetworks, Matches, OneOf, Ordered, SameAs, Test
from prefetchrouter.regex import to_python
from prefetchrouter.targets.nginx.book import Book, BookLine
from prefetchrouter.targets.nginx.conf_text import (
    MOST_BYTES,
    ConfText,
    exactly,
    key,
    latin,
    literal,
    pattern,
    quoted,
)
from prefetchrouter.targets.nginx.javascript import js_regex, js_text
from prefetchrouter.targets.nginx.reading_variables import presence_of, variable_of

_YES, _NO, _EMPTY = ConfText("1"), ConfText("0"), ConfText('""')


def truth_of(test: Test, book: Book) -> ConfText:
    """Return the variable that says whether a test is true.

    Example:
        >>> truth_of(OneOf(Reading("method"), ("GET",)), Book())
        '$pr_test_1'
    """
    match test:
        case OneOf(reading=reading, texts=texts) if _is_long(texts):
            return book.function("test", f"return {_in_javascript(test, _read(reading, book))};")
        case Matches(reading=reading, regex=regex) if _is_long([regex]):
            return book.function("test", f"return {_in_javascript(test, _read(reading, book))};")
        case OneOf(reading=reading, texts=texts, ignores_case=ignores_case):
            entries = [BookLine(_key_of(text, reading, ignores_case), _YES) for text in texts if text]
            return _map(book, reading, entries, of_empty=_of_empty(reading, book, is_true="" in texts))
        case Matches(reading=reading, regex=regex):
            entries = [BookLine(pattern(latin(regex) if _is_latin(regex, reading) else regex), _YES)]
            # nginx tries no expression on the empty text.
            is_true = to_python(regex).search("") is not None
            return _map(book, reading, entries, of_empty=_of_empty(reading, book, is_true=is_true))
        case InNetworks(reading=reading, networks=networks):
            entries = [BookLine(ConfText(network), _YES) for network in networks]
            return _map(book, reading, entries, word="geo")
        case SameAs():
            return _same(test, book)
        case HasNumber(reading=reading, number=number):
            return book.function("test", f"return equals({_read(reading, book)}, {number});")
        case Ordered(order=order, sides=sides):
            values = ", ".join(_side(side, book) for side in sides)
            return book.function("test", f"return ordered({js_text(order)}, [{values}]);")


def _is_latin(text: str, reading: Reading) -> bool:
    """Return whether a text is for a header, where UTF-8 would be other bytes."""
    return not text.isascii() and reading.kind != "parameter"


def _key_of(text: str, reading: Reading, ignores_case: bool) -> ConfText:
    if _is_latin(text, reading):
        letters = "".join(literal(part) if part.isascii() else part for part in text)
        return quoted(f"~{'(?i)' if ignores_case else ''}^{latin(letters)}\\z")
    return key(text) if ignores_case else exactly(text)


def _is_long(texts: Iterable[str]) -> bool:
    """Return whether nginx cannot read one of some texts as the key of a map."""
    return any(len(exactly(text).encode()) > MOST_BYTES for text in texts)


def _in_javascript(test: OneOf | Matches, read: str) -> str:
    if isinstance(test, Matches):
        return f"{js_regex(test.regex)}.test({read} || '') ? '1' : '0'"
    texts = test.texts
    if test.ignores_case:
        texts, read = tuple(text.lower() for text in texts), f"({read} || '').toLowerCase()"
    return f"[{', '.join(map(js_text, texts))}].indexOf({read}) >= 0 ? '1' : '0'"


def _of_empty(reading: Reading, book: Book, *, is_true: bool) -> ConfText | None:
    """Return what a test is of the empty text, which may be a value or none, or None if it needs no line."""
    if not is_true:
        return None
    if not reading.may_be_missing:
        return _YES
    return presence_of(reading, book) or _NO


def _map(
    book: Book,
    reading: Reading,
    entries: list[BookLine],
    *,
    of_empty: ConfText | None = None,
    word: str = "map",
) -> ConfText:
    if of_empty is not None:
        entries = [BookLine(_EMPTY, of_empty), *entries]
    return book.add(f"pr_test_{book.number('test')}", variable_of(reading, book), entries, _NO, word=word)


def _same(test: SameAs, book: Book) -> ConfText:
    left, right = variable_of(test.reading, book), variable_of(test.other, book)
    regex = {
        "equal": r"~^([^\n]+)\n\1\z",
        "equal-but-for-case": r"~(?i)^([^\n]+)\n\1\z",
        "contains": r"~^([^\n]+)\n[^\n]*\1",
    }[test.likeness]
    source = f'"${{{right[1:]}}}\\n${{{left[1:]}}}"'
    return book.add(f"pr_test_{book.number('test')}", source, [BookLine(quoted(regex), _YES)], _NO)


def _read(reading: Reading, book: Book) -> str:
    return f"r.variables[{js_text(variable_of(reading, book)[1:])}]"


def _side(side: Reading | float | None, book: Book) -> str:
    if isinstance(side, Reading):
        return _read(side, book)
    return "null" if side is None else str(side)
