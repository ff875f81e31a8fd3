"""nginx's configuration as a tree, parsed by crossplane (the extra ``import``)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from prefetchrouter.errors import LoadError
from prefetchrouter.source import Source

_DEEPEST: Final = 20
"""The limit for files that include each other."""
_OF_A_SERVER: Final = re.compile(r"mime\.types|\w+_params|fastcgi.*\.conf|.*ssl.*\.conf|koi-\w+|win-\w+")
"""Files that say how a server runs, and hold no rules."""


@dataclass(frozen=True)
class Directive:
    """One directive.

    Args:
        name: Its name, such as ``"location"``.
        arguments: Its words.
        source: Its place.
        block: The directives inside it, None for a simple directive.
    """

    name: str
    arguments: tuple[str, ...]
    source: Source
    block: tuple[Directive, ...] | None = None

    @property
    def line(self) -> str:
        """The directive as a remark shows it."""
        words = (word or '""' for word in self.arguments)
        return " ".join((self.name, *words)) + ("" if self.block is None else " { ... }")


def parse_conf(text: str, file: str) -> tuple[Directive, ...]:
    """Return the directives of a configuration, or of a part of one, and of the files that it includes.

    Args:
        text: Its text.
        file: Its path; included files are looked for in its folder and below.

    Raises:
        LoadError: crossplane is not installed, or the text is not a configuration of nginx.

    Example:
        >>> [directive.line for directive in parse_conf("location = /a { return 301 /b; }", "a.conf")]
        ['location = /a { ... }']
    """
    try:
        import crossplane
    except ModuleNotFoundError:
        raise LoadError.of(
            "import-format",
            f"{file}: the parser of nginx configurations is not installed",
            hint='pip install "prefetchrouter[import]"',
        ) from None
    directives = _parsed(crossplane, text, file)
    return _with_included(directives, lambda read, name: _parsed(crossplane, read, name), Path(file).parent)


def _parsed(crossplane: Any, text: str, file: str) -> tuple[Directive, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "nginx.conf"  # crossplane reads files only
        path.write_text(text, encoding="utf-8")
        # Parts of a configuration, and directives of modules, are read as well.
        parsed: Mapping[str, Any] = crossplane.parse(
            str(path), single=True, check_ctx=False, check_args=False, strict=False, comments=False
        )
    for fault in parsed["errors"]:
        reason = str(fault["error"]).partition(" in ")[0]
        line = fault["line"] or 1
        raise LoadError.of("import-format", reason).at(Source(file, int(line)))
    return tuple(_directives(parsed["config"][0]["parsed"], file))


def _with_included(
    directives: tuple[Directive, ...],
    parsed: Callable[[str, str], tuple[Directive, ...]],
    base: Path,
    depth: int = 0,
) -> tuple[Directive, ...]:
    """The directives, with those of included files in their place; a file that is not there is left out."""
    found: list[Directive] = []
    for each in directives:
        files = _included(each, base) if each.name == "include" and depth < _DEEPEST else None
        if files is not None:
            for path in files:
                inner = parsed(_text_of(path), path.as_posix())
                found += _with_included(inner, parsed, base, depth + 1)
        elif each.block is not None:
            found.append(replace(each, block=_with_included(each.block, parsed, base, depth)))
        else:
            found.append(each)
    return tuple(found)


def _included(each: Directive, base: Path) -> list[Path] | None:
    """The files that a line includes, as nginx looks for them, or None if there are none below the folder."""
    if len(each.arguments) != 1:
        return None
    pattern = each.arguments[0]
    if _OF_A_SERVER.fullmatch(PurePosixPath(pattern).name):
        return []
    below = os.path.relpath(pattern, base.absolute()) if pattern.startswith("/") else pattern
    if ".." in PurePosixPath(below).parts or "\0" in below:
        return None
    if re.search(r"[*?\[]", below):
        return sorted(path for path in base.glob(below) if path.is_file())
    return [base / below] if (base / below).is_file() else None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise LoadError.of("file-unreadable", f"{path} cannot be read: {error}") from None


def _directives(parsed: list[Mapping[str, Any]], file: str) -> Iterator[Directive]:
    for each in parsed:
        block = each.get("block")
        yield Directive(
            str(each["directive"]),
            tuple(map(str, each["args"])),
            Source(file, int(each["line"])),
            None if block is None else tuple(_directives(block, file)),
        )
