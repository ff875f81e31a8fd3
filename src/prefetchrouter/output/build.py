"""Builds the files that are deployed, in memory; writes them, or compares them with those on disk."""

from __future__ import annotations

import difflib
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefetchrouter.browser.files import browser_files
from prefetchrouter.browser.names import NAMES
from prefetchrouter.browser_view import Filtered, Unsupported, filter_rules
from prefetchrouter.manifest import GLOBAL_NAME, render
from prefetchrouter.output.writing import write_all
from prefetchrouter.rules.origin_names import check_origins
from prefetchrouter.rules.property import Property, keeps_encoded_slashes
from prefetchrouter.rules.property import unsupported_conditions as manifest_setting
from prefetchrouter.rules.rule import HasRules
from prefetchrouter.rules.rule_set import RuleSet

RULE_SET_FILE = "ruleset.json"
MANIFEST_FILE = "cache-manifest.js"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of a build.

    Args:
        name: Its path in the output folder.
        text: Its content.
    """

    name: str
    text: str

    @property
    def size_bytes(self) -> int:
        """Its size."""
        return len(self.text.encode())

    @property
    def gzipped_bytes(self) -> int:
        """Its size as it travels."""
        return len(gzip.compress(self.text.encode(), mtime=0))


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a build makes.

    Args:
        files: The files, in memory.
        filtered: For each rule, what the manifest lists and leaves out.
    """

    files: tuple[BuiltFile, ...]
    filtered: tuple[Filtered, ...]

    def __getitem__(self, name: str) -> str:
        """Return the text of a file; a `KeyError` when there is none of that name."""
        return {file.name: file.text for file in self.files}[name]


def build(
    router: HasRules,
    property: Property | None = None,
    *,
    unsupported_conditions: Unsupported | None = None,
    manifest_global: str = GLOBAL_NAME,
    site: bool = False,
) -> Build:
    """Return the files that the rules compile to.

    Args:
        router: A `Router` or a `RuleSet`.
        property: Origins and hostnames; a rule set's own when not given.
        unsupported_conditions: ``"ignore"`` takes conditions that browsers cannot decide out of the manifest,
            ``"drop"`` the rules that have them; as the property says when not given.
        manifest_global: The global that cache-manifest.js sets.
        site: Whether to add the browser's files and the manifest, at their paths under ``site/``.

    Raises:
        PropertyError: A rule sets an origin that the property does not describe.

    Example:
        >>> from prefetchrouter import Router
        >>> build(Router())["cache-manifest.js"]
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\\n'
    """
    if property is None and isinstance(router, RuleSet):
        property = router.property
    rule_set = RuleSet(rules=router.rules, property=property)
    check_origins(rule_set.rules, rule_set.property)
    unsupported = unsupported_conditions or manifest_setting(rule_set.property)
    filtered = filter_rules(rule_set.rules, unsupported)
    listed = [rule.listed for rule in filtered if rule.listed is not None]
    manifest = render(listed, manifest_global, keeps_slashes=keeps_encoded_slashes(property))
    files = [
        BuiltFile(RULE_SET_FILE, json_text(rule_set.to_json("exported"))),
        BuiltFile(MANIFEST_FILE, manifest),
    ]
    if site:
        served = {NAMES.manifest_path: manifest, **browser_files()}
        files += (BuiltFile(f"site{path}", text) for path, text in served.items())
    return Build(tuple(files), tuple(filtered))


def json_text(document: dict[str, Any]) -> str:
    """Return a rule set's document as the text of a file: one rule a line, one trailing newline.

    Example:
        >>> print(json_text({"name": "shop", "rules": [{"comment": "a"}, {}]}), end="")
        {
        "name": "shop",
        "rules": [
        {"comment": "a"},
        {}
        ]
        }
    """
    parts = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in document.items() if key != "rules"]
    rules = ",\n".join(json.dumps(rule) for rule in document["rules"])
    parts.append(f'"rules": [\n{rules}\n]' if rules else '"rules": []')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def write(build: Build, folder: Path) -> None:
    """Write a build's files into a folder: all of them, or none.

    Raises:
        OutputError: A file cannot be written. Everything is as it was before.
    """
    write_all({file.name: file.text.encode() for file in build.files}, folder)


def differences(build: Build, folder: Path) -> Iterator[str]:
    """Yield the lines in which the files on disk differ from the build, as a unified diff.

    Example:
        >>> next(differences(Build((BuiltFile("a.js", "x\\n"),), ()), Path("no-such-folder")))
        '--- no-such-folder/a.js (not there)'
    """
    for file in build.files:
        path = folder / file.name
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
