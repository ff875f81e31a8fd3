"""The statuses of `Router.catch`, as a condition on the response."""

from __future__ import annotations

import re

from prefetchrouter.errors import CriteriaError, shown
from prefetchrouter.regex import portable
from prefetchrouter.rules.condition_json import Warn
from prefetchrouter.rules.conditions import Comparison, variable


def to_status_condition(status: object, warn: Warn) -> Comparison:
    """Return the test of the response's status.

    Args:
        status: A number or a text of three digits, or a compiled regular expression.
        warn: Called with each warning.

    Raises:
        RuleError: It is none of these, or the expression is not portable.

    Example:
        >>> to_status_condition(404, print).value
        '^404$'
    """
    match status:
        case re.Pattern():
            regex = portable(status)
            for warning in regex.warnings:
                warn(warning)
            text = regex.source
        case int() if 100 <= status <= 999:
            text = f"^{status}$"
        case str() if re.fullmatch(r"[1-9][0-9]{2}", status):
            text = f"^{status}$"
        case _:
            raise CriteriaError.of(
                "criteria-value",
                f"catch({shown(status)}): that is not a status",
                expected='a status such as 404, or a regular expression such as re.compile("^5")',
            )
    return Comparison(operator="=~", operands=(variable("response", "status_code"), text))
