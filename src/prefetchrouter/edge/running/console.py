"""The output of `serve`: URLs and rules at the start, requests, reloads, and counters at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from prefetchrouter.edge.clients.certificate import state_folder
from prefetchrouter.edge.hosts import is_loopback
from prefetchrouter.edge.logging.entry_data import entry_json
from prefetchrouter.edge.logging.line_writer import LineWriter, Output
from prefetchrouter.edge.logging.lines import (
    counters_text,
    reload_failed_text,
    reloaded_line,
    request_line,
)
from prefetchrouter.edge.logging.printer import Printer
from prefetchrouter.edge.logging.request_log import Counters, LogEntry
from prefetchrouter.edge.pages.edge_pages import HOME
from prefetchrouter.edge.preview.warming import MOST_A_MINUTE
from prefetchrouter.edge.running.preparing import DEFAULT, places, site_identity
from prefetchrouter.edge.running.settings import EXAMPLE_SITE, ServeSettings
from prefetchrouter.errors import Diagnostic
from prefetchrouter.printable import printable
from prefetchrouter.report.diagnostic_lines import diagnostics_json, diagnostics_text
from prefetchrouter.report.table import Style, table, width_of
from prefetchrouter.rules.rule_set import RuleSet

_SHORT_SECONDS = 10.0


class ConsoleReporter:
    """Prints events, as text for people or as one line of JSON for each.

    Args:
        settings: The options of the command.
        out: The stream.
    """

    def __init__(self, settings: ServeSettings, out: TextIO) -> None:
        self._settings = settings
        self._is_json = settings.form == "json"
        self._style = Style.of(out)
        self._width = width_of(out)
        self._printer = Printer(out) if not self._is_json else None
        self._writer = LineWriter(_writes(out), failed=_output_failed) if self._is_json else None
        self._short_until = 0.0

    @property
    def is_full(self) -> bool:
        """Whether the output is full, so that the edge waits."""
        return self._writer is not None and self._writer.is_full

    async def drained(self) -> None:
        """Return when the output has room again."""
        if self._writer is not None:
            await self._writer.drained()

    def serving(self, port: int, rules: RuleSet, listed: int, pages_port: int | None = None) -> None:
        """Print the URLs, the rules and the settings at the start.

        Args:
            port: The port of the site.
            rules: The rules.
            listed: How many of them the manifest lists.
            pages_port: The port of the pages; None without them.
        """
        pages = None if pages_port is None else f"http://localhost:{pages_port}{HOME}"
        address = self._settings.address(port)
        origins = places(rules, self._settings.origins)
        if self._is_json:
            self._event(
                "serving",
                address=address,
                port=port,
                rules=len(rules.rules),
                manifest_rules=listed,
                origins=dict(origins),
                requests=pages,
                inject=self._settings.inject,
                warm=self._settings.warm,
            )
            return
        rows = [(f"  {name}", text) for name, text in self._rows(address, rules, listed, origins, pages)]
        lines = (
            f"{self._style(address, 'bold')} is ready",
            table(rows, ["dim", ""], self._style),
            "Open the address in a browser and follow its links. Ctrl+C ends.",
            "",
        )
        self._message("\n".join(lines))

    def _rows(
        self,
        address: str,
        rules: RuleSet,
        listed: int,
        origins: Sequence[tuple[str, str]],
        pages: str | None,
    ) -> Iterator[tuple[str, str]]:
        settings, seen = self._settings, site_identity(self._settings, rules)
        count = len(rules.rules)
        yield (
            "rules",
            f"{printable(settings.routes)}: {count:,} rule{'s' * (count != 1)}, {listed:,} in the manifest",
        )
        for name, where in origins:
            shown = printable(_short(where))
            yield "origin", shown if name == DEFAULT else f"{name}: {shown}"
        if seen.host is not None:
            yield "site", f"rules see {seen.scheme}://{seen.host} for this address"
        elif (seen.scheme == "https") != settings.https:
            yield "site", f"rules see the scheme {seen.scheme}"
        if settings.https and settings.certificate is None:
            yield "https", f"let your browser trust {printable(str(state_folder() / 'authority.pem'))}"
        if settings.listen != "localhost" and not is_loopback(settings.listen):
            yield (
                "network",
                "anyone who reaches this machine can send requests to your origins, but not see these pages",
            )
        if settings.inject:
            yield "pages", "get the script tag with its overlay, on this machine only (--no-inject)"
        if settings.warm:
            yield (
                "prefetch",
                f"fetches a page that is not stored, {MOST_A_MINUTE} a minute at most (--no-warm)",
            )
        yield "requests", pages or "start with --pages to see each request in your browser"
        if settings.access_log is not None:
            yield "log", printable(str(settings.access_log))

    def request(self, entry: LogEntry) -> None:
        """Print a request."""
        if self._settings.quiet:
            return
        if self._writer is not None:
            self._writer.line(lambda: entry_json(entry))
        elif self._printer is not None:
            self._printer.line(lambda: request_line(entry.exchange, self._style, self._width))

    def changed(self, rules: int) -> None:
        """Report that changed rules are in force."""
        if self._is_json:
            self._event("changed", rules=rules)
        else:
            self._message(reloaded_line(self._settings.routes, rules, self._style))

    def files_changed(self, folder: str, removed: int) -> None:
        """Report that files of an origin's folder changed, and how many stored responses were removed."""
        if self._is_json:
            self._event("files", folder=folder, removed=removed)
        elif removed:
            plural = "" if removed == 1 else "s"
            self._message(f"{printable(_short(folder))} changed: {removed:,} stored response{plural} removed")

    def fixed(self) -> None:
        """Report that the routes file is valid again, and unchanged."""
        if self._is_json:
            self._event("fixed")
        else:
            self._message(f"{printable(self._settings.routes)} is valid again, and unchanged")

    def unchanged(self, rules: int) -> None:
        """Report that a reload by signal changed nothing."""
        if self._is_json:
            self._event("unchanged", rules=rules)
        else:
            self._message(f"{printable(self._settings.routes)} was reloaded: {rules:,} rules, unchanged")

    def short(self, text: str) -> None:
        """Report a shortage of the machine, at most once in ten seconds."""
        now = monotonic()
        if now >= self._short_until:
            self._short_until = now + _SHORT_SECONDS
            self.trouble(text)

    def trouble(self, text: str) -> None:
        """Report a failure that no rule caused."""
        if self._is_json:
            self._event("trouble", message=text)
        else:
            self._message(self._style(printable(text), "yellow"))

    def wrong(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Report that changed rules are invalid, so that the old ones stay."""
        if self._is_json:
            self._event("wrong", errors=diagnostics_json(diagnostics))
        else:
            self._message(reload_failed_text(self._settings.routes, diagnostics, self._style))

    def warned(self, warnings: Sequence[Diagnostic]) -> None:
        """Print warnings about the rules."""
        if warnings and self._is_json:
            self._event("warned", warnings=diagnostics_json(warnings))
        elif warnings:
            self._message(diagnostics_text(warnings, self._style))

    def slow(self, seconds: float) -> None:
        """Report that the routes file takes long to load."""
        if self._is_json:
            self._event("slow", seconds=seconds)
        else:
            self._message(f"{printable(self._settings.routes)} is still running after {seconds:g} seconds")

    def unwatched(self, reason: str) -> None:
        """Report that the routes file is no longer watched."""
        if self._is_json:
            self._event("unwatched", reason=reason)
        else:
            file = printable(self._settings.routes)
            self._message(f"{file} cannot be watched for changes: {printable(reason)}")

    def ending(self) -> None:
        """Report that requests are still open at shutdown."""
        if not self._is_json:
            self._message("Finishing open requests. Ctrl+C again aborts them.")

    def ended(self, counters: Counters) -> None:
        """Print the counters of all requests."""
        if self._is_json:
            self._event("ended", counters={name: getattr(counters, name) for name in counters.__slots__})
        else:
            self._message(f"\n{counters_text(counters, self._style)}")

    def close(self) -> None:
        """Print the buffered lines."""
        if self._printer is not None:
            self._printer.close()
        if self._writer is not None and (left := self._writer.close()):
            print(f"prefetchrouter: {left:,} lines could not be written", file=sys.stderr)

    def _event(self, name: str, **values: Any) -> None:
        self._message(json.dumps({"event": name, **values}, separators=(",", ":")))

    def _message(self, text: str) -> None:
        if self._writer is not None:
            self._writer.line(text)
        elif self._printer is not None:
            self._printer.message(text)


def _writes(out: TextIO) -> Callable[[str], object]:
    """Return a writer to a stream, by its descriptor where possible, which never repeats a partial write."""
    try:
        file = out.fileno()
    except (OSError, ValueError):
        return out.write
    out.flush()
    return Output(file).write


def _output_failed(error: Exception | None) -> None:
    if error is not None:
        reason = getattr(error, "strerror", None) or str(error)
        print(f"prefetchrouter: the standard output cannot be written: {reason}", file=sys.stderr, flush=True)


def _short(where: str) -> str:
    """Return an origin's address for people: the example by its name, a folder as the user wrote it."""
    if where == str(EXAMPLE_SITE):
        return "the example shop"
    return f"{where}/" if not where.endswith("/") and Path(where).is_dir() else where
