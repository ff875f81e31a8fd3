"""Targets of other packages: whatever is wrong with one is an error that names it, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prefetchrouter.errors import PrefetchRouterError, TargetError, shown
from prefetchrouter.targets.support import SupportTable
from prefetchrouter.targets.target import Target

_NAME: Final = re.compile(r"\w[\w.-]*")


def checked(made: object, name: str | None = None) -> Target:
    """Return a target that has all that a target must have.

    Args:
        made: What is to be a target.
        name: The name under which it is registered.

    Raises:
        TargetError: It is not a target, or lacks something.

    Example:
        >>> checked(7)
        Traceback (most recent call last):
        prefetchrouter.errors.TargetError: 7 is not a target; expected the name of one, or an object of a \
subclass of prefetchrouter.targets.Target [broken-target]
    """
    if not isinstance(made, Target):
        raise TargetError.of(
            "broken-target",
            f"{shown(made)} is not a target",
            expected="the name of one, or an object of a subclass of prefetchrouter.targets.Target",
        )
    label = f"the target {shown(name)}" if name is not None else f"a target of {type(made).__qualname__}"
    own = _attribute(made, "name")
    if not isinstance(own, str) or not _NAME.fullmatch(own):
        expected = 'letters, digits, "_", "-" and ".", such as "pages"'
        raise TargetError.of("broken-target", f"{label} has the name {shown(own)}", expected=expected)
    if name is not None and own != name:
        raise TargetError.of(
            "broken-target", f"the target {shown(name)} calls itself {shown(own)}", expected="one name"
        )
    for attribute, kind, expected in (
        ("summary", str, "a sentence"),
        ("support", SupportTable, "a SupportTable"),
        ("is_excerpt", bool, "True or False"),
        ("start_command", tuple, 'words of a command, such as ("sh", "pages/start.sh")'),
    ):
        value = _attribute(made, attribute)
        if not isinstance(value, kind):
            raise TargetError.of(
                "broken-target",
                f"the target {shown(own)}: its {attribute} is {shown(value)}",
                expected=expected,
            )
    return made


def _attribute(target: Target, name: str) -> object:
    try:
        return getattr(target, name)
    except Exception:  # it is missing, or it is a property that fails
        return None


@contextmanager
def named_when_it_fails(target: Target) -> Iterator[None]:
    """Let an exception in the code of another package be an error that names the target.

    Errors of the rules are raised as they are, and so is what goes wrong in a target of ours.

    Raises:
        TargetError: The target fails.

    Example:
        >>> from prefetchrouter.targets.ruleset import RuleSetTarget
        >>> with named_when_it_fails(RuleSetTarget()):
        ...     pass
    """
    try:
        yield
    except PrefetchRouterError:
        raise
    except (Exception, SystemExit) as error:
        if type(target).__module__.startswith(f"{__name__.partition('.')[0]}."):
            raise
        raise TargetError.of(
            "broken-target",
            f"the target {shown(target.name)} failed: {reason(error)}",
            hint="run with --debug for the whole traceback, and report it to its authors",
        ) from error


def reason(error: BaseException) -> str:
    """Return an exception as a message shows it.

    Example:
        >>> reason(KeyError("a")), reason(ValueError())
        ("KeyError: 'a'", 'ValueError')
    """
    try:
        text = str(error)
    except Exception:  # an exception whose own text fails
        text = ""
    return f"{type(error).__name__}: {text}".rstrip(": ")
