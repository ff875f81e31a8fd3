"""``netlify.toml``: its redirects and headers; build settings are not rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from prefetchrouter.errors import LoadError
from prefetchrouter.importing.header_blocks import HeaderBlock, HeaderLine
from prefetchrouter.importing.imported import Imported, NotUnderstoodError
from prefetchrouter.importing.netlify_headers import add_headers
from prefetchrouter.importing.netlify_redirects import NetlifyRedirect, add_redirect
from prefetchrouter.source import Source

_KNOWN = frozenset({"from", "to", "status", "force", "query", "params", "parameters", "conditions"})


def read_netlify_toml(text: str, file: str, imported: Imported) -> None:
    r"""Read the redirects and headers of ``netlify.toml``.

    Args:
        text: Its text.
        file: Its name, for comments and messages.
        imported: Takes what is read.

    Raises:
        LoadError: It is not TOML.

    Example:
        >>> text = '[[redirects]]\nfrom = "/a"\nto = "/b"\n'
        >>> read_netlify_toml(text, "netlify.toml", imported := Imported())
        >>> imported.parts[-1].criteria
        ['/a', '/a/']
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        source = Source(file, int(found[1])) if found else Source(file, 1)
        raise LoadError.of("import-format", f"this is not TOML: {error}", source=source) from None
    for source, entry in _entries(data, "redirects", text, file, imported):
        try:
            add_redirect(_redirect(entry), source, imported)
        except NotUnderstoodError as error:
            imported.not_understood(source, f"from = {entry.get('from')!r}", str(error))
    for source, entry in _entries(data, "headers", text, file, imported):
        path, values = entry.get("for"), entry.get("values")
        if not isinstance(path, str) or not isinstance(values, Mapping):
            imported.not_understood(source, "[[headers]]", "it has no `for` and `values`")
            continue
        lines = [HeaderLine(source, name, each) for name, value in values.items() for each in _values(value)]
        add_headers(HeaderBlock(source, path, lines), imported)
    for source, entry in _entries(data, "edge_functions", text, file, imported):
        imported.not_understood(source, f"path = {entry.get('path')!r}", "an edge function is a program")


def _entries(
    data: Mapping[str, Any], table: str, text: str, file: str, imported: Imported
) -> list[tuple[Source, Mapping[str, Any]]]:
    """The entries of an array of tables, each with its line, as far as it can be found."""
    entries = data.get(table, [])
    pattern = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if pattern.match(line)]
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        imported.not_understood(Source(file, 1), table, f"it is not written as [[{table}]]")
        return []
    if len(lines) != len(entries):
        lines = [1] * len(entries)
    return [(Source(file, line), entry) for line, entry in zip(lines, entries, strict=True)]


def _redirect(entry: Mapping[str, Any]) -> NetlifyRedirect:
    unknown = [name for name in entry if name not in _KNOWN]
    if unknown:
        raise NotUnderstoodError(f'"{unknown[0]}" has no counterpart')
    path, to, status, force = (
        entry.get("from"),
        entry.get("to"),
        entry.get("status", 301),
        entry.get("force", False),
    )
    if not isinstance(path, str) or not isinstance(to, str | None) or not isinstance(force, bool):
        raise NotUnderstoodError("`from` and `to` are text, `force` is true or false")
    if isinstance(status, bool) or not isinstance(status, int):
        raise NotUnderstoodError("a status is a number")
    if any(character.isspace() for character in path + (to or "")) or not (to or "/").startswith(
        ("/", "http")
    ):
        raise NotUnderstoodError("`from` and `to` are paths or URLs without blanks")
    query: object = next((entry[name] for name in ("query", "params", "parameters") if name in entry), {})
    return NetlifyRedirect(path, to, status, force, _texts(query), _texts(entry.get("conditions", {})))


def _texts(pairs: object) -> dict[str, str]:
    if not isinstance(pairs, Mapping):
        raise NotUnderstoodError("parameters and conditions are tables")
    return {str(name): ",".join(_values(value)) for name, value in pairs.items()}


def _values(value: object) -> list[str]:
    entries: list[object] = value if isinstance(value, list) else [value]
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) < len(entries):
        return [repr(value)]
    return [line.strip().rstrip(",") for entry in texts for line in entry.split("\n") if line.strip()]
