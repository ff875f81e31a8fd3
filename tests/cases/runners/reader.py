"""Reads a `.case` file strictly: every line means something, and all problems of a file come at once."""

from __future__ import annotations

import re
import textwrap
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from cases.runners.blocks import Block, Problems, blocks_of
from cases.runners.case import (
    BEHAVIOURS,
    STATES,
    Answer,
    Ask,
    Behaviour,
    Case,
    Event,
    Expected,
    Headers,
    Leave,
    Purge,
    Receive,
    Release,
    Send,
    State,
    Wait,
)
from cases.runners.concerns import unknown_concern

_TOKEN: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_HEADER: Final = re.compile(rf"(?P<name>{_TOKEN}):(?: (?P<text>.*))?")
_MATCHES: Final = re.compile(rf"(?P<name>{_TOKEN}) ~ (?P<text>.+)")
_ABSENT: Final = re.compile(rf"(?P<how>no|any) (?P<name>{_TOKEN})")
_REPEATED: Final = re.compile(r"body (?P<size>\d+) of (?P<text>.+)")
_SEND: Final = re.compile(
    rf"> (?:(?P<name>[a-z]+): )?(?:(?P<times>\d+) x )?(?P<method>{_TOKEN}) (?P<target>\S+)"
    r"(?: HTTP/(?P<version>1\.[01]))?"
)
_ASK: Final = re.compile(
    rf">> (?:(?P<times>\d+) x )?(?:(?P<origin>[a-z]\w*) )?(?P<method>[A-Z]{_TOKEN[:-1]}*) (?P<target>\S+)"
)
_ANSWER: Final = re.compile(
    r"<< (?:(?P<status>\d{3})(?: (?P<how>held|held-body))?|(?P<alone>drops|drops held|hangs))"
)
_RECEIVE: Final = re.compile(
    r"< (?:(?P<name>[a-z]+): )?(?:(?P<times>\d+) x )?(?P<status>\d{3}(?: or \d{3})*)"
    r" (?P<state>[a-z-]+)"
)
_WAIT: Final = re.compile(r"wait (?P<seconds>\d+(?:\.\d+)?)s")
_LEAVE: Final = re.compile(r"leave (?P<name>[a-z]+)")
_PURGE: Final = re.compile(r"purge(?: all|(?: (?:tag|url) \S+)+)")
_PURGED: Final = re.compile(r"(tag|url) (\S+)")


class CaseError(Exception):
    """A file is not a case; each line of the message names file and line."""


def read(path: Path) -> Case:
    """Return the case of a file.

    Raises:
        CaseError: It is not one; all problems at once.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}:1: cannot be read: {error}") from None
    return parse(text, path)


def parse(text: str, path: Path) -> Case:
    """Return the case of a text; see `read`."""
    problems = Problems(path)
    reader = _Reader(problems)
    for block in blocks_of(text, problems):
        reader.block(block)
    reader.end()
    if problems.found:
        raise CaseError("\n".join(problems.lines))
    return Case(path, reader.title, reader.concerns, reader.routes, tuple(reader.events))


@dataclass
class _Details:
    """The indented lines below an event."""

    headers: list[Expected]
    body: bytes | None = b""
    is_cut: bool = False

    @property
    def sent(self) -> Headers:
        return tuple((header.name, header.text or "") for header in self.headers)


class _Reader:
    """Turns blocks into a case; what it does not know is a problem."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.title, self.routes = "", ""
        self.concerns: tuple[str, ...] = ()
        self.events: list[Event] = []
        self._unanswered: tuple[re.Match[str], Block, _Details] | None = None
        self._open: list[tuple[str, int]] = []

    def block(self, block: Block) -> None:
        """Read one block."""
        head = block.head
        if self._unanswered is not None and not head.startswith("<<"):
            self._answered(None)
        if head.startswith("# ") and not self.title:
            self.title = head[2:].strip()
        elif head.startswith("#"):
            if block.details:
                self.problems.add(block.details[0].line, "a comment has no indented lines")
        elif head.startswith("concerns:"):
            self._concerns(block)
        elif head == "routes:":
            self._routes(block)
        else:
            self._event(block)

    def end(self) -> None:
        """Say what is missing."""
        if self._unanswered is not None:
            self._answered(None)
        for what, is_there in (
            ("a first line `# What this case shows`", self.title),
            ("a line `concerns: E1, caching.max_age`", self.concerns),
            ("`routes:` with a routes file below it", self.routes),
            ("a request: `> GET /path`", any(isinstance(event, Send) for event in self.events)),
        ):
            if not is_there:
                self.problems.add(1, f"{what} is missing")
        for name, line in self._open:
            self.problems.add(line, f"no `<` or `leave` ends the request {name}".replace("  ", " ").rstrip())

    def _concerns(self, block: Block) -> None:
        self._only_head(block)
        if self.concerns:
            self.problems.add(block.line, "there is a line `concerns:` already")
        names = [name.strip() for name in block.head.removeprefix("concerns:").split(",")]
        for name in names:
            problem = unknown_concern(name)
            if problem:
                self.problems.add(block.line, problem)
        if len(set(names)) < len(names):
            self.problems.add(block.line, "a name is there twice")
        self.concerns = tuple(names)

    def _routes(self, block: Block) -> None:
        if self.routes:
            self.problems.add(block.line, "there are `routes:` already")
        self.routes = textwrap.dedent("\n".join(line.text for line in block.details)).strip("\n") + "\n"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(self.routes, "routes.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            self.problems.add(block.line + line, f"the routes are not Python: {error}")

    def _event(self, block: Block) -> None:
        head = block.head
        if head == "release":
            self._only_head(block)
            self.events.append(Release(block.line))
        elif found := _WAIT.fullmatch(head):
            self._only_head(block)
            self.events.append(Wait(block.line, float(found["seconds"])))
        elif found := _LEAVE.fullmatch(head):
            self._only_head(block)
            self._close(found["name"], 1, block.line)
            self.events.append(Leave(block.line, found["name"]))
        elif _PURGE.fullmatch(head):
            self._only_head(block)
            named = _PURGED.findall(head)
            tags, urls = (tuple(text for kind, text in named if kind == one) for one in ("tag", "url"))
            self.events.append(Purge(block.line, tags, urls))
        elif found := _ANSWER.fullmatch(head):
            self._answered((found, block))
        elif found := _ASK.fullmatch(head):
            self._unanswered = found, block, self._details(block, expects=True)
        elif found := _SEND.fullmatch(head):
            self._send(found, block)
        elif found := _RECEIVE.fullmatch(head):
            self._receive(found, block)
        else:
            self.problems.add(block.line, f"not a line of a case: {head!r}; see tests/cases/README.md")

    def _send(self, found: re.Match[str], block: Block) -> None:
        details = self._details(block, expects=False)
        times, name = self._times(found, block.line), found["name"] or ""
        if details.is_cut or details.body is None:
            self.problems.add(block.line, "a request has neither `cut` nor `any body`")
        if name and any(name == other for other, _ in self._open):
            self.problems.add(block.line, f"there is an unfinished request {name} already")
        self._open += [(name, block.line)] * times
        self.events.append(
            Send(
                block.line, found["method"], found["target"], details.sent, details.body or b"", name, times,
                found["version"] or "1.1",
            )
        )  # fmt: skip

    def _receive(self, found: re.Match[str], block: Block) -> None:
        details = self._details(block, expects=True)
        state, times, name = found["state"], self._times(found, block.line), found["name"] or ""
        if state not in (*STATES, "any"):
            self.problems.add(block.line, f"{state!r} is not a state; there are: {', '.join(STATES)}, any")
        self._close(name, times, block.line)
        statuses = tuple(map(int, found["status"].split(" or ")))
        self.events.append(
            Receive(
                block.line, statuses, None if state == "any" else cast(State, state), tuple(details.headers),
                details.body, details.is_cut, name, times,
            )
        )  # fmt: skip

    def _answered(self, answer: tuple[re.Match[str], Block] | None) -> None:
        if self._unanswered is None:
            assert answer is not None
            self.problems.add(answer[1].line, "`<<` comes after the `>>` that it answers")
            return
        (asked, block, request), self._unanswered = self._unanswered, None
        if answer is None:
            self.problems.add(block.line, "a request to an origin needs its answer below it: `<< 200`")
            return
        found, answer_block = answer
        details = self._details(answer_block, expects=False)
        behaviour = found["how"] or found["alone"] or "answers"
        behaviour = "held-drops" if behaviour == "drops held" else behaviour
        assert behaviour in BEHAVIOURS
        if found["alone"] and (details.headers or details.body or details.is_cut):
            self.problems.add(answer_block.line, f"an origin that {found['alone']} sends nothing")
        if request.is_cut:
            self.problems.add(block.line, "`cut` belongs below `<<` or `<`")
        self.events.append(
            Ask(
                block.line, asked["origin"] or "", asked["method"], asked["target"],
                Answer(
                    answer_block.line, cast(Behaviour, behaviour), int(found["status"] or 200), details.sent,
                    details.body or b"", details.is_cut,
                ),
                tuple(request.headers), request.body or b"", self._times(asked, block.line),
            )
        )  # fmt: skip

    def _close(self, name: str, times: int, line: int) -> None:
        for _ in range(times):
            index = next((at for at, (other, _) in enumerate(self._open) if other == name), None)
            if index is None:
                self.problems.add(line, f"there is no unfinished request {name}".rstrip())
                return
            del self._open[index]

    def _times(self, found: re.Match[str], line: int) -> int:
        times = int(found["times"] or 1)
        if not 1 <= times <= 1000:
            self.problems.add(line, "from 1 to 1000 times")
            return 1
        return times

    def _only_head(self, block: Block) -> None:
        for line in block.details:
            self.problems.add(line.line, "nothing is indented below this line")

    def _details(self, block: Block, *, expects: bool) -> _Details:
        details = _Details([])
        lines: list[str] = []
        for line in block.details:
            text = line.text.strip()
            if text == "|" or text.startswith("| "):
                lines.append(line.text.lstrip()[2:])
            elif found := _REPEATED.fullmatch(text):
                size = min(int(found["size"]), 10_000_000)
                unit = found["text"].encode()
                details.body = (unit * (size // len(unit) + 1))[:size]
            elif text == "any body" and expects:
                details.body = None
            elif text == "cut":
                details.is_cut = True
            elif (header := _header(text, expects=expects)) is not None:
                details.headers.append(header)
            else:
                what = "`name: value`, `name ~ regex`, `no name`, `any name`" if expects else "`name: value`"
                self.problems.add(line.line, f"expected {what}, `| body` or `cut`, and not {text!r}")
        for header in details.headers:
            self._check(header, block.line)
        if lines:
            if details.body != b"":
                self.problems.add(block.line, "there are two bodies")
            details.body = "\n".join(lines).encode()
        return details

    def _check(self, header: Expected, line: int) -> None:
        if header.is_regex:
            try:
                re.compile(header.text or "")
            except (re.error, OverflowError, RecursionError) as error:
                self.problems.add(line, f"{header.name}: not a regular expression: {error}")


def _header(text: str, *, expects: bool) -> Expected | None:
    if found := _HEADER.fullmatch(text):
        return Expected(found["name"].lower(), found["text"] or "")
    if expects and (found := _MATCHES.fullmatch(text)):
        return Expected(found["name"].lower(), found["text"], is_regex=True)
    if expects and (found := _ABSENT.fullmatch(text)):
        return Expected(found["name"].lower(), None, is_any=found["how"] == "any")
    return None
