"""Pastes what a message proposes into the code that it is about: in the place of what is wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from prefetchrouter.errors import Diagnostic

_IN_HINT = re.compile(r"\b(?:write|such as|as in|or) (?=\S)")
_IN_EXPECTED = re.compile(r"\b(?:such as|as in) (?=\S)")
_MEANT = re.compile(r'did you mean (?:"([^"]+)"|([^?]+))\?')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def proposals(found: Diagnostic) -> Iterator[str]:
    """Yield the code that a message proposes: each expression after ``write``, ``or`` and ``such as``."""
    for text, introduced in ((found.hint or "", _IN_HINT), (found.expected or "", _IN_EXPECTED)):
        for start in introduced.finditer(text):
            code = _expression_at(text, start.end())
            if code is not None:
                yield code


def _expression_at(text: str, start: int) -> str | None:
    """Return the longest expression of Python that begins there and has a literal or a call in it."""
    for end in range(len(text), start, -1):
        code = text[start:end].strip()
        try:
            tree = ast.parse(code, mode="eval")
        except (SyntaxError, ValueError):
            continue
        kinds = ast.Constant | ast.Call | ast.Dict | ast.List | ast.Lambda
        whole = isinstance(tree.body, kinds) or (isinstance(tree.body, ast.Tuple) and _is_list(tree.body))
        if whole and "..." not in code:
            return code
    return None


def _is_list(several: ast.Tuple) -> bool:
    return len(several.elts) > 1 and all(isinstance(part, ast.Constant) for part in several.elts)


def pasted(code: str, found: Diagnostic) -> Iterator[str]:
    """Yield the code with what is proposed in each place where it may belong."""
    meant = _MEANT.search(found.hint or "")
    if meant is not None:
        yield from _replaced_word(code, found, meant[1], meant[2])
    for proposal in proposals(found):
        if (
            code.startswith(".")
            and re.match(r"[a-z]\w*\(", proposal)
            and len(re.findall(r"\.\w+\(", code)) == 1
        ):
            yield f".{proposal}"
        for start, end in _places(code):
            if code[start:end].strip() != proposal:
                yield code[:start] + proposal + code[end:]
    yield from _with_entry(code, found.hint or "")


def _with_entry(code: str, hint: str) -> Iterator[str]:
    """Yield the code with an entry of a mapping, or a keyword, that is proposed with its value."""
    entry = re.search(r'"(\w+)": (\{.*\})', hint)
    if entry is not None:
        for start, end in _places(code):
            text = code[start:end]
            if text.startswith(f"{entry[1]}="):
                yield f"{code[:start]}{entry[1]}={entry[2]}{code[end:]}"
            if text.startswith(f'{{"{entry[1]}": '):
                yield f'{code[:start]}{{"{entry[1]}": {entry[2]}}}{code[end:]}'
    keyword = re.search(r"\b(\w+=\{(?:[^{}]|\{[^{}]*\})*\})", hint)
    if keyword is not None:
        for start, end in _places(code):
            if re.match(r"\w+=", code[start:end]):
                yield f"{code[:start]}{keyword[1]}{code[end:]}"
    if keyword is not None and code.endswith(")"):
        yield f"{code[:-1]}, {keyword[1]})"


def _replaced_word(code: str, found: Diagnostic, text: str | None, value: str | None) -> Iterator[str]:
    """Yield the code with the misspelled word replaced that the message quotes, as text or as a name."""
    wrong = [*_QUOTED.findall(found.message), *re.findall(r"'([^']+)'", found.message)]
    wrong += re.findall(r"([\w.]+|\[.*?\]) is not", found.message)
    for word in wrong:
        if text is not None:
            quoted = rf'(["\']){re.escape(word)}\1'
            yield re.sub(quoted, lambda _: f'"{text}"', code)
            yield re.sub(rf"(?<![\w\"']){re.escape(word)}(?![\w\"'])", lambda _: str(text), code)
            yield re.sub(rf"(?<![\w\"']){re.escape(word)}(?![\w\"'])", lambda _: f'"{text}"', code)
        if value is not None:
            yield re.sub(rf'(["\']?){re.escape(word)}\1', lambda _: str(value), code)
            yield re.sub(rf"\b{re.escape(word)}\b", lambda _: str(value), code)


def _places(code: str) -> list[tuple[int, int]]:
    """Return where the expressions of the code begin and end, the smallest first."""
    prefix = "x" if code.startswith(".") else ""
    try:
        tree = ast.parse(prefix + code)
    except SyntaxError:
        return []
    lines = (prefix + code).splitlines(keepends=True)
    starts = [sum(len(line.encode()) for line in lines[:number]) for number in range(len(lines))]
    raw = (prefix + code).encode()
    places = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and node.end_lineno is not None and node.end_col_offset is not None:
            begin = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            places.add((len(raw[:begin].decode()) - len(prefix), len(raw[:end].decode()) - len(prefix)))
        if isinstance(node, ast.keyword) and node.arg and code[node.col_offset - len(prefix) :]:
            begin = node.col_offset - len(prefix)
            value_end = (node.value.end_col_offset or 0) - len(prefix)
            places.add((begin, value_end))
    return sorted((place for place in places if place[0] >= 0), key=lambda place: place[1] - place[0])
