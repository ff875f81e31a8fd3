"""Targets by name: ours, and those that other installed packages register.

A package registers a target under the entry point group ``prefetchrouter.targets``:

    [project.entry-points."prefetchrouter.targets"]
    pages = "my_package:Pages"

Names are known without an import; code of others runs only when its target is chosen. Whatever is wrong with
it, or with its registration, is an error with the code ``broken-target``; `foreign` has the checks.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from prefetchrouter.errors import Diagnostic, TargetError, did_you_mean, shown
from prefetchrouter.targets.foreign import checked, reason
from prefetchrouter.targets.target import Target

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "prefetchrouter.targets"
"""The entry point group of targets."""

OURS: Final = {
    "ruleset": "prefetchrouter.targets.ruleset:RuleSetTarget",
    "manifest": "prefetchrouter.targets.manifest:ManifestTarget",
    "speculation": "prefetchrouter.targets.speculation:SpeculationTarget",
    "worker": "prefetchrouter.targets.worker:WorkerTarget",
    "varnish": "prefetchrouter.targets.varnish:VarnishTarget",
    "nginx": "prefetchrouter.targets.nginx:NginxTarget",
}
ALIASES: Final = {"vinyl": "varnish"}
"""Other names of our targets. Vinyl Cache reads the same VCL as Varnish Cache, whose newer name it is."""

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
    return tuple(dict.fromkeys((*OURS, *sorted(found.name for found in _registered()))))


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
        prefetchrouter.errors.TargetError: "rulset" is not a target; expected one of ruleset, manifest, ...; \
did you mean "ruleset"? [unknown-target]
    """
    if isinstance(chosen, str):
        chosen = [name.strip() for name in chosen.split(",")]
    if isinstance(chosen, Target) or not isinstance(chosen, Iterable):
        raise TargetError.of(
            "broken-target",
            f"targets={shown(chosen)} is not a list",
            expected='names or targets in a list, such as ["ruleset", "manifest"]',
        )
    found: dict[str, Target] = {}
    given: dict[str, Target] = {}
    for each in chosen:
        target = target_named(each) if isinstance(each, str) else checked(each)
        if not isinstance(each, str) and given.setdefault(target.name, target) != target:
            raise TargetError.of(
                "broken-target",
                f"two targets are named {shown(target.name)}",
                expected="another name for one of them, or two builds",
            )
        found.setdefault(target.name, target)
    return tuple(found.values())


def target_named(name: str) -> Target:
    """Return the target of a name, imported now.

    Raises:
        TargetError: There is none of that name, or the package that registers it is broken.

    Example:
        >>> target_named("manifest").summary
        'What browsers may prefetch, as the script that pages load.'
    """
    name = ALIASES.get(name, name)
    if name in OURS:
        module, _, attribute = OURS[name].partition(":")
        return checked(getattr(importlib.import_module(module), attribute)())
    registered = [found for found in _registered() if found.name == name]
    if not registered:
        known = target_names()
        raise TargetError.of(
            "unknown-target",
            f"{shown(name)} is not a target",
            expected=f"one of {', '.join(known)}",
            hint=did_you_mean(name, known),
        )
    if len(registered) > 1:
        places = " and ".join(f"{found.value} of {_package(found)}" for found in registered)
        raise TargetError.of(
            "broken-target",
            f"the target {shown(name)} is registered twice: {places}",
            hint="uninstall one of them, or give the target itself: build(router, targets=[...])",
        )
    return _loaded(registered[0])


def ignored(targets: Iterable[Target]) -> Iterator[Diagnostic]:
    """Yield a warning for each target of another package that one of ours has the name of.

    Args:
        targets: Those that the caller chose: it may have meant the other one.
    """
    names = {target.name for target in targets} & set(OURS)
    for found in _registered_under(tuple(sys.path)) if names else ():
        if found.name in names:
            yield Diagnostic(
                "broken-target",
                f"{found.value} of {_package(found)} is ignored: {shown(found.name)} is a target of ours",
                hint="report it to its authors",
                severity="warning",
            )


@lru_cache(maxsize=8)
def _registered_under(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """Return what `_registered` does, once for a path."""
    return _registered()


def _registered() -> tuple[EntryPoint, ...]:
    """Return the entry points of all targets, in an order that does not depend on the path."""
    # Not at the top: it takes as long as a thousand rules, and the usual build needs none of it.
    from importlib.metadata import entry_points

    found = entry_points(group=GROUP)
    return tuple(sorted(found, key=lambda each: (each.name, _package(each), each.value)))


def _loaded(found: EntryPoint) -> Target:
    try:
        made = found.load()()
    except (Exception, SystemExit) as error:
        raise TargetError.of(
            "broken-target",
            f"the target {shown(found.name)} of {_package(found)} cannot be loaded: {reason(error)}",
            expected=f"a subclass of prefetchrouter.targets.Target at {found.value}",
        ) from error
    return checked(made, found.name)


def _package(found: EntryPoint) -> str:
    return f"the package {found.dist.name}" if found.dist is not None else "an unnamed package"
