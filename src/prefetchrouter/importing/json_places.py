"""The lines of the entries of a JSON file, which Python's parser does not give."""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[\s,:]*")


def entry_lines(text: str, name: str) -> list[int]:
    r"""Return the line of each entry of a list that is a member of the outermost object.

    Args:
        text: Valid JSON.
        name: The member.

    Example:
        >>> entry_lines('{"a": 1,\n"rules": [{},\n{}]}', "rules")
        [2, 3]
    """
    decoder, place = json.JSONDecoder(), text.find("{") + 1
    while True:
        place = _after_space(text, place)
        if text[place : place + 1] != '"':
            return []
        key, place = decoder.raw_decode(text, place)
        place = _after_space(text, place)
        if key == name and text[place : place + 1] == "[":
            return _lines_of_list(text, place + 1, decoder)
        _, place = decoder.raw_decode(text, place)


def _lines_of_list(text: str, place: int, decoder: json.JSONDecoder) -> list[int]:
    lines: list[int] = []
    while True:
        place = _after_space(text, place)
        if text[place : place + 1] in ("]", ""):
            return lines
        lines.append(text.count("\n", 0, place) + 1)
        _, place = decoder.raw_decode(text, place)


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
