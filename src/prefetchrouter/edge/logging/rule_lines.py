"""The lines of rules in short form."""

from __future__ import annotations

from collections.abc import Sequence


def short_lines(rules: Sequence[str]) -> list[str]:
    """Return files with lines, each file named once in a run.

    Example:
        >>> short_lines(["routes.py:34", "routes.py:39", "blog.py:7", "routes.py:41"])
        ['routes.py:34', ':39', 'blog.py:7', 'routes.py:41']
    """
    files = ["", *(rule.rpartition(":")[0] for rule in rules)]
    return [
        rule.removeprefix(file) if file and file == before else rule
        for rule, before, file in zip(rules, files, files[1:], strict=False)
    ]


def marked_lines(rules: Sequence[str], late: Sequence[str]) -> list[str]:
    """Return lines of rules, each file named once in a run, and those marked that apply by the response.

    Args:
        rules: All lines.
        late: Those of the rules that apply because of the response.

    Example:
        >>> marked_lines(["routes.py:34", "routes.py:39"], ["routes.py:39"])
        ['routes.py:34', ':39 (by the response)']
    """
    return [
        f"{short} (by the response)" if rule in late else short
        for short, rule in zip(short_lines(rules), rules, strict=True)
    ]


def last_line(rules: Sequence[str]) -> str:
    """Return the last line, which usually decides, and how many came before it.

    Example:
        >>> last_line(["routes.py:34", "routes.py:35", "routes.py:39"]), last_line(["routes.py:39"])
        ('routes.py:39 +2', 'routes.py:39')
    """
    if len(rules) < 2:
        return "".join(rules)
    return f"{rules[-1]} +{len(rules) - 1}"
