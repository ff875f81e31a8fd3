"""`Diagnostic`: one thing that is wrong, or worth a look, with its place, what was expected and a cure.

Codes are open. Ours are listed in `Code`, and each has a page in `docs/errors/`; a check or target of another
package brings its own, such as ``"acme/too-long"``, and says with `page` where it is explained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from prefetchrouter.printable import MOST_CHARACTERS, path_text, printable
from prefetchrouter.source import Source, Span

Severity = Literal["error", "warning"]

Code: TypeAlias = Literal[
    "approximate",
    "broken-check",
    "broken-target",
    "case",
    "chain-order",
    "command-line",
    "condition",
    "criteria-value",
    "dead-link",
    "destination",
    "duration",
    "edge-feature",
    "empty-criteria",
    "feature-value",
    "file-not-found",
    "file-unreadable",
    "freshness/age-not-sent",
    "freshness/date-kept",
    "freshness/dead-link",
    "freshness/edge-outlives-browser",
    "freshness/never-fresh",
    "freshness/no-store",
    "freshness/stored-refusal",
    "freshness/too-old",
    "freshness/vary",
    "freshness/worker-outlives-edge",
    "helper",
    "import-failed",
    "import-format",
    "internal",
    "live-edge",
    "lint/cookie-on-prefetch",
    "lint/dead-branch",
    "lint/denied-spelling",
    "lint/given-away",
    "lint/key-differs",
    "lint/lost-query",
    "lint/manifest-size",
    "lint/never-wins",
    "lint/not-prefetched",
    "lint/prefetched-effect",
    "lint/redirect-chain",
    "lint/shared-key",
    "lint/stale-window",
    "lint/suppression",
    "lint/tracked-key",
    "lint/two-lifetimes",
    "lint/vary",
    "lint/vendor-limit",
    "never-matches",
    "log-file",
    "lost-prefetching",
    "navigation-file",
    "no-effect",
    "no-origin-address",
    "no-router",
    "not-imported",
    "output",
    "path-pattern",
    "plugin",
    "property",
    "redirect-loop",
    "redirect-shadowed",
    "redirect-table",
    "regex-backtracking",
    "regex-lookaround",
    "regex-portability",
    "regex-syntax",
    "request",
    "reserved-header",
    "rule-body",
    "rule-set",
    "seconds",
    "serve",
    "size",
    "speculation-left-out",
    "two-properties",
    "two-routers",
    "unknown-browser",
    "unknown-check",
    "unknown-criterion",
    "unknown-feature",
    "unknown-origin",
    "unknown-target",
    "unknown-vendor",
    "unlikely-pattern",
    "unlikely-value",
    "unsupported",
]
"""Every code of ours. Each has a page in `docs/errors/` with an example that gives it, as tests hold."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A text that takes the place of another, as plain data for editors and programs.

    Args:
        old: What was written: the value of a string, or a name.
        new: What to write instead.
        span: Where `old` stands in the file; None if that is not known.

    Example:
        >>> Fix("max_agee", "max_age", Span(4, 9, 4, 19)).span.column
        9
    """

    old: str
    new: str
    span: Span | None = None

    def located(self, source: Source | None) -> Fix:
        """Return the same with the span of the text, if the call at a place has it exactly once."""
        span = self.span or (source.find(self.old) if source is not None else None)
        return replace(self, span=span)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell the user: what, where, what was expected, and the likely cure.

    Args:
        code: A stable name with a page, such as ``"duration"``.
        message: What is wrong, with the text that is wrong.
        source: Where the user wrote it; its `span` has the columns.
        expected: What would have been right.
        hint: The likely cure.
        severity: ``"error"`` stops a build, ``"warning"`` does not.
        path: The part of a value that is wrong, such as ``("caching", "max_age", "404")``.
        fix: The cure as a replacement of text, where one is certain to be meant.
        page: Where a code of another package is explained; ours have their pages in `docs/errors/`.

    Example:
        >>> print(Diagnostic("duration", '"1hr" is wrong', Source("routes.py", 3), hint='did you mean "1h"?'))
        routes.py:3: "1hr" is wrong; did you mean "1h"? [duration]
    """

    code: str
    message: str
    source: Source | None = None
    expected: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    path: tuple[str | int, ...] = ()
    fix: Fix | None = None
    page: str | None = None

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        level = "warning: " if self.severity == "warning" else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        hint = f"; {self.hint}" if self.hint else ""
        return printable(f"{where}{level}{self.text}{expected}{hint} [{self.code}]", MOST_CHARACTERS)

    @property
    def text(self) -> str:
        """The message with the path in front.

        Example:
            >>> Diagnostic("duration", '"1hr" is wrong', path=("caching", "max_age", "404")).text
            'caching.max_age.404: "1hr" is wrong'
        """
        return f"{path_text(self.path)}: {self.message}" if self.path else self.message

    @property
    def is_ours(self) -> bool:
        """Whether the code is one of this package."""
        return self.code in _OURS

    def at(self, source: Source | None) -> Diagnostic:
        """Return the same diagnostic with a place, unless it already has one."""
        if self.source or source is None:
            return self
        return replace(self, source=source, fix=self.fix.located(source) if self.fix else None)

    def inside(self, *path: str | int) -> Diagnostic:
        """Return the same diagnostic with an outer path prepended to its own."""
        return replace(self, path=(*path, *self.path))

    def within(self, place: str) -> Diagnostic:
        """Return the same diagnostic with words in front that say what it was found in."""
        return replace(self, message=f"{place}: {self.text}", path=())


_OURS = frozenset(get_args(Code))
