"""nginx's configuration as a tree, parsed by crossplane (the extra ``import``)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefetchrouter.errors import LoadError
from prefetchrouter.source import Source


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
        return " ".join((self.name, *self.arguments)) + ("" if self.block is None else " { ... }")


def parse_conf(text: str, file: str) -> tuple[Directive, ...]:
    """Return the directives of a configuration, or of a part of one.

    Args:
        text: Its text.
        file: Its name.

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


def _directives(parsed: list[Mapping[str, Any]], file: str) -> Iterator[Directive]:
    for each in parsed:
        block = each.get("block")
        yield Directive(
            str(each["directive"]),
            tuple(map(str, each["args"])),
            Source(file, int(each["line"])),
            None if block is None else tuple(_directives(block, file)),
        )
