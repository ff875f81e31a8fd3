"""Tests of a part of the path, rewritten as equal tests of the whole path.

Published clients disagree on the parts: whether the extension has its dot, the directory its slash. Of
the whole path there is only one reading, so the manifest tests nothing else.
"""

from __future__ import annotations

import re

from prefetchrouter.regex import literal
from prefetchrouter.rules.conditions import Comparison, Condition, Operand, Variable, variable
from prefetchrouter.rules.operators import OPERATORS

_PATH = variable("request", "path")
_LAST_SEGMENT = "/(?=[^/]*$)"


def is_path_part(variable: Variable) -> bool:
    """Return whether a variable is the file name, extension or directory of the path."""
    return variable.namespace == "request.path"


def as_path_test(test: Comparison) -> Condition | None:
    """Return the test of the whole path that is equal to a test of a part, or None.

    Args:
        test: A comparison of ``{"request.path": "filename" | "extension" | "directory"}`` with a value.

    Example:
        >>> part = Comparison(operator="===", operands=(variable("request.path", "extension"), "htm"))
        >>> as_path_test(part).value
        '[.]htm$'
    """
    tested, value = test.operands
    if not isinstance(tested, Variable) or isinstance(value, Variable):
        return None
    spec = OPERATORS[test.operator]
    if spec.relation not in ("===", "in", "=~"):
        return None
    if spec.relation == "=~":
        regex = _file_name_regex(str(value)) if tested.name == "filename" else None
    else:
        regex = _equals(str(tested.name), value)
    if regex is None:
        return None
    if regex == "":  # No path has such a part: the test is never true, and its opposite always.
        return Comparison(operator="not_in" if spec.negated else "in", operands=(_PATH, ()))
    return Comparison(operator="!~" if spec.negated else "=~", operands=(_PATH, regex))


def _equals(part: str, value: Operand) -> str | None:
    wanted = [str(entry) for entry in value] if isinstance(value, tuple) else [str(value)]
    match part:
        case "filename":
            names = [literal(name) for name in wanted if "/" not in name]
            return f"/{_either(names)}$" if names else ""
        case "extension":
            plain = [extension.removeprefix(".") for extension in wanted]
            if "" in plain:
                return None
            names = [literal(extension) for extension in plain if not set(extension) & {"/", "."}]
            return f"[.]{_either(names)}$" if names else ""
        case "directory":
            names = [literal(directory.rstrip("/")) for directory in wanted]
            return f"^{_either(names)}/[^/]*$"
        case _:
            return None


def _either(alternatives: list[str]) -> str:
    return alternatives[0] if len(alternatives) == 1 else f"(?:{'|'.join(alternatives)})"


def _file_name_regex(source: str) -> str | None:
    """Return the regex on the path that searches its last segment only, or None if that cannot be said."""
    flag = "(?i)" if source.startswith("(?i)") else ""
    body = source.removeprefix("(?i)")
    anchored = body.startswith("^")
    body = body.removeprefix("^")
    anchors = re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(\^|\|)", body)
    if "^" in anchors or (anchored and "|" in anchors):
        return None
    start = "" if anchored else ".*?"
    return f"{flag}{_LAST_SEGMENT}{start}(?:{body})"
