"""Targets by name: ours, and those that other installed packages register.

A package registers a target under the entry point group ``prefetchrouter.targets``:

    [project.entry-points."prefetchrouter.targets"]
    pages = "my_package:Pages"

Names are known without an import; code of others runs only when its target is chosen.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Final, TypeAlias

from prefetchrouter.errors import TargetError, did_you_mean, shown
from prefetchrouter.targets.target import Target

GROUP: Final = "prefetchrouter.targets"
"""The entry point group of targets."""

OURS: Final = {
    "ruleset": "prefetchrouter.targets.ruleset:RuleSetTarget",
    "manifest": "prefetchrouter.targets.manifest:ManifestTarget",
}
DEFAULT: Final = ("ruleset", "manifest")
"""The targets that are built by default."""

Chosen: TypeAlias = str | Iterable[str | Target]
"""Names of targets, as a list or with commas between them; or targets themselves."""


def target_names() -> tuple[str, ...]:
    """Return the names of all targets, ours first; none is imported.

    Example:
        >>> target_names()[:2]
        ('ruleset', 'manifest')
    """
    return tuple(dict.fromkeys((*OURS, *sorted(found.name for found in entry_points(group=GROUP)))))


def targets(chosen: Chosen = DEFAULT) -> tuple[Target, ...]:
    """Return the chosen targets, each once, in order.

    Args:
        chosen: Names, or targets.

    Raises:
        TargetError: There is no target of that name, or the package that registers it is broken.

    Example:
        >>> [target.name for target in targets("manifest,ruleset")]
        ['manifest', 'ruleset']
        >>> targets("rulset")
        Traceback (most recent call last):
        prefetchrouter.errors.TargetError: "rulset" is not a target; expected one of ruleset, manifest; \
did you mean "ruleset"? [unknown-target]
    """
    if isinstance(chosen, str):
        chosen = [name.strip() for name in chosen.split(",")]
    found = [target_named(each) if isinstance(each, str) else _checked(each) for each in chosen]
    return tuple({target.name: target for target in reversed(found)}.values())[::-1]


def target_named(name: str) -> Target:
    """Return the target of a name, imported now.

    Raises:
        TargetError: There is none of that name, or the package that registers it is broken.

    Example:
        >>> target_named("manifest").summary
        'What browsers may prefetch, as the script that pages load.'
    """
    if name in OURS:
        module, _, attribute = OURS[name].partition(":")
        return _checked(getattr(importlib.import_module(module), attribute)())
    registered = list(entry_points(group=GROUP, name=name))
    if not registered:
        known = target_names()
        raise TargetError.of(
            "unknown-target",
            f"{shown(name)} is not a target",
            expected=f"one of {', '.join(known)}",
            hint=did_you_mean(name, known),
        )
    if len(registered) > 1:
        packages = " and ".join(sorted(map(_package, registered)))
        raise TargetError.of("broken-target", f"the target {shown(name)} is registered twice, by {packages}")
    return _loaded(registered[0])


def _loaded(found: EntryPoint) -> Target:
    try:
        made = found.load()()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise TargetError.of(
            "broken-target",
            f"the target {shown(found.name)} of {_package(found)} cannot be loaded: {reason}",
            expected=f"a subclass of prefetchrouter.targets.Target at {found.value}",
        ) from error
    return _checked(made, found.name)


def _checked(made: object, name: str | None = None) -> Target:
    if not isinstance(made, Target):
        raise TargetError.of(
            "broken-target",
            f"{shown(made)} is not a target",
            expected="the name of one, or an object of a subclass of prefetchrouter.targets.Target",
        )
    if name is not None and made.name != name:
        raise TargetError.of(
            "broken-target", f"the target {shown(name)} calls itself {shown(made.name)}", expected="one name"
        )
    return made


def _package(found: EntryPoint) -> str:
    return f"the package {found.dist.name}" if found.dist is not None else f"{found.value}"
