"""Writes the fixes of findings into the files that they are about; all else in these stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prefetchrouter.errors import Diagnostic, OutputError
from prefetchrouter.output.writing import write_all


def fixed_text(text: str, diagnostics: Iterable[Diagnostic]) -> tuple[str, int]:
    """Return a text with the fixes of diagnostics, and how many there were.

    Of fixes that overlap the first one counts. A fix whose place no longer has the old text is left out: the
    file was changed meanwhile.

    Args:
        text: The text of a file.
        diagnostics: What was found in that file.

    Example:
        >>> from prefetchrouter.diagnostics import Fix
        >>> from prefetchrouter.source import Span
        >>> fix = Fix("max_agee", "max_age", Span(1, 2, 1, 10))
        >>> fixed_text("'max_agee'", [Diagnostic("unknown-feature", "", fix=fix)])
        ("'max_age'", 1)
    """
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    changes: dict[tuple[int, int], str] = {}
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or fix.span is None or fix.span.end_line > len(lines):
            continue
        begin = starts[fix.span.line - 1] + fix.span.column - 1
        end = starts[fix.span.end_line - 1] + fix.span.end_column - 1
        if fix.old in text[begin:end]:
            changes.setdefault((begin, end), text[begin:end].replace(fix.old, fix.new, 1))
    done, last = 0, len(text)
    for (begin, end), new in sorted(changes.items(), reverse=True):
        if end <= last:
            text = text[:begin] + new + text[end:]
            done, last = done + 1, begin
    return text, done


def fix_files(diagnostics: Iterable[Diagnostic], *, within: Path) -> int:
    """Write the fixes of diagnostics into their files, all of them or none; return how many there were.

    Args:
        diagnostics: What was found.
        within: The folder whose files may be changed; an installed package elsewhere is left alone.

    Raises:
        OutputError: A file cannot be read or written.
    """
    folder = within.resolve()
    by_file: dict[Path, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.fix is not None and diagnostic.fix.span is not None and diagnostic.source is not None:
            file = Path(diagnostic.source.file).resolve()
            if file.is_relative_to(folder):
                by_file.setdefault(file, []).append(diagnostic)
    fixed: dict[str, bytes] = {}
    done = 0
    for file, found in sorted(by_file.items()):
        text, count = fixed_text(_text(file), found)
        if count:
            fixed[file.relative_to(folder).as_posix()] = text.encode()
            done += count
    if fixed:
        write_all(fixed, folder)
    return done


def _text(file: Path) -> str:
    try:
        # Line ends stay as they are.
        with file.open(encoding="utf-8", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise OutputError.of("output", f"{file.name} cannot be fixed: {reason}") from None
