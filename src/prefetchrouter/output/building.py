"""Builds the files that are deployed, in memory; writes them, or compares them with those on disk."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from prefetchrouter.browser_view import Filtered, Unsupported, filter_rules
from prefetchrouter.errors import Diagnostic, TargetError, UnsupportedError, shown
from prefetchrouter.output.writing import write_all
from prefetchrouter.rules.origin_names import check_origins
from prefetchrouter.rules.property_settings import unsupported_conditions as manifest_setting
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets import registry
from prefetchrouter.targets.artifact import Artifact, check_artifacts
from prefetchrouter.targets.findings import Policy
from prefetchrouter.targets.foreign import named_when_it_fails
from prefetchrouter.targets.manifest import ManifestTarget
from prefetchrouter.targets.page_navigation import PageNavigation
from prefetchrouter.targets.target import Job, Target

if TYPE_CHECKING:
    from prefetchrouter.rules.property import Property


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a build makes.

    Args:
        files: The files of all targets, in memory.
        filtered: For each rule, what the manifest lists and leaves out.
        warnings: What targets only approximate, and what they leave out where the caller lets them.
        commands: For each target that can be started, its name and the words of the command; the last word is
            the path of a file.

    Example:
        >>> from prefetchrouter import Router, build
        >>> made = build(Router().get("/a", caching={"max_age": "1h"}))
        >>> [file.path for file in made.files], len(made["ruleset.json"]) > 100
        (['ruleset.json', 'cache-manifest.js'], True)
    """

    files: tuple[Artifact, ...]
    filtered: tuple[Filtered, ...]
    warnings: tuple[Diagnostic, ...] = ()
    commands: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __getitem__(self, path: str) -> str:
        """Return the text of a file; a `KeyError` if there is none at that path."""
        return {file.path: file.text for file in self.files}[path]


def build(
    router: HasRules,
    property: Property | None = None,
    *,
    targets: registry.Chosen = registry.DEFAULT,
    unsupported: Policy = "error",
    unsupported_conditions: Unsupported | None = None,
    manifest_global: str | None = None,
    site: bool = False,
    navigation: PageNavigation | None = None,
) -> Build:
    """Return the files that the rules compile to.

    Args:
        router: A `Router` or a `RuleSet`.
        property: Origins and hostnames; a rule set's own when not given.
        targets: What to build: names, as a list or with commas between them, or `Target` objects.
        unsupported: What becomes of rules that a target cannot express: ``"error"`` raises them, ``"warn"``
            builds without them and lists them in `Build.warnings`, ``"ignore"`` does not even say so.
        unsupported_conditions: ``"ignore"`` takes conditions that browsers cannot decide out of the manifest,
            ``"drop"`` the rules that have them; as the property says when not given.
        manifest_global: The global that cache-manifest.js sets; the one that published clients read when not
            given.
        site: Whether to add the browser's files and the manifest, at their paths under ``site/``.
        navigation: Where visitors go next, as `prefetchrouter.navigation.for_pages` returns it.

    Raises:
        PropertyError: A rule sets an origin that the property does not describe.
        UnsupportedError: Rules use what a target cannot express; `diagnostics` has all of them.
        TargetError: There is no target of that name, or it is broken.

    Example:
        >>> from prefetchrouter import Router
        >>> build(Router())["cache-manifest.js"]
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\\n'
        >>> [file.path for file in build(Router(), targets="ruleset").files]
        ['ruleset.json']
    """
    chosen = _with_options(registry.targets(targets), manifest_global, site)
    if property is None and isinstance(router, RuleSet):
        property = router.property
    rule_set = RuleSet(rules=router.rules, property=property)
    check_origins(rule_set.rules, rule_set.property)
    filtered = tuple(filter_rules(rule_set.rules, unsupported_conditions or manifest_setting(property)))
    jobs = [(target, Job(target, rule_set, filtered, unsupported, navigation)) for target in chosen]
    for target, job in jobs:
        with named_when_it_fails(target):
            job.check()
    _raise_errors(jobs)
    artifacts = [(target.name, artifact) for target, job in jobs for artifact in _printed(target, job)]
    _raise_errors(jobs)
    check_artifacts(artifacts)
    named = () if targets is registry.DEFAULT else chosen
    warnings = (*registry.ignored(named), *(found for _, job in jobs for found in job.diagnostics))
    commands = tuple((target.name, target.start_command) for target in chosen if target.start_command)
    _check_commands(commands, artifacts)
    return Build(tuple(artifact for _, artifact in artifacts), filtered, warnings, commands)


def _check_commands(
    commands: Iterable[tuple[str, tuple[str, ...]]], artifacts: Iterable[tuple[str, Artifact]]
) -> None:
    """Refuse a command that starts a file which its target does not write."""
    written = {(name, artifact.path) for name, artifact in artifacts}
    for name, command in commands:
        if (name, command[-1]) not in written:
            raise TargetError.of(
                "broken-target",
                f"the target {shown(name)} is started by {shown(command[-1])}, which it does not write",
                expected="one of its files as the last word of its start_command",
            )


def _with_options(chosen: tuple[Target, ...], manifest_global: str | None, site: bool) -> tuple[Target, ...]:
    """Return the targets, with the manifest as its options say."""
    options = {"manifest_global": manifest_global is not None, "site": site}
    given = [name for name, is_given in options.items() if is_given]
    if not given:
        return chosen
    if not any(isinstance(target, ManifestTarget) for target in chosen):
        raise TargetError.of(
            "unknown-target",
            f"{given[0]} is an option of the target {shown(ManifestTarget.name)}, which is not built",
            hint=f"add {shown(ManifestTarget.name)} to the targets",
        )
    return tuple(
        _configured(target, manifest_global, site) if isinstance(target, ManifestTarget) else target
        for target in chosen
    )


def _configured(target: ManifestTarget, manifest_global: str | None, site: bool) -> ManifestTarget:
    """Return a manifest with the options that are given; the rest stays as the user's own target has it.

    Raises:
        TargetError: It is a subclass that cannot be made with them.
    """
    with named_when_it_fails(target):
        return replace(
            target,
            global_name=target.global_name if manifest_global is None else manifest_global,
            site=target.site or site,
        )


def _printed(target: Target, job: Job) -> tuple[Artifact, ...]:
    """Return the files of a target.

    Raises:
        TargetError: It fails, or prints something else.
    """
    with named_when_it_fails(target):
        return tuple(target.print(job))


def _raise_errors(jobs: list[tuple[Target, Job]]) -> None:
    """Raise what targets cannot express, of all of them together.

    Raises:
        UnsupportedError: Something is an error.
    """
    found = [found for _, job in jobs for found in job.diagnostics]
    if any(diagnostic.severity == "error" for diagnostic in found):
        raise UnsupportedError(*sorted(found, key=lambda diagnostic: diagnostic.severity != "error"))


def write(build: Build, folder: Path) -> None:
    """Write a build's files into a folder: all of them, or none.

    Raises:
        OutputError: A file cannot be written. Everything is as it was before.
    """
    write_all({file.path: file.text.encode() for file in build.files}, folder)


def differences(build: Build, folder: Path) -> Iterator[str]:
    """Yield the lines in which the files on disk differ from the build, as a unified diff.

    Example:
        >>> next(differences(Build((Artifact("a.js", "x\\n"),), ()), Path("no-such-folder")))
        '--- no-such-folder/a.js (not there)'
    """
    for file in build.files:
        path = folder / file.path
        there = path.read_bytes().decode(errors="replace") if path.is_file() else None
        if there != file.text:
            before = _lines(there or "")
            label = f"{path} (not there)" if there is None else f"{path} (on disk)"
            yield from difflib.unified_diff(
                before, _lines(file.text), label, f"{path} (built)", lineterm="", n=0
            )


def _lines(text: str) -> list[str]:
    """Return the lines of a text, with what cannot be seen at their ends spelled out."""
    *lines, last = text.replace("\r", "\N{SYMBOL FOR CARRIAGE RETURN}").split("\n")
    return [*lines, f"{last} (no newline at the end)"] if last else lines
