"""Signals that terminals, service managers and log rotation send, on the real program."""

from __future__ import annotations

import os
import pty
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.program import ROUTES, Got, Program, Site, running_origin
from edge.waiting import PATIENCE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("routes.py").write_text(ROUTES)
    return tmp_path


@pytest.fixture
def origin(folder: Path) -> Iterator[str]:
    with running_origin() as address:
        yield address


class Download:
    """A download that is under way."""

    def __init__(self, program: Program) -> None:
        self.got: list[Got] = []
        self._thread = threading.Thread(target=lambda: self.got.append(program.get("/slow")))
        self._thread.start()
        assert Site.begun.wait(PATIENCE)

    def whole(self) -> bool:
        """Let it go on, and say whether it came whole."""
        Site.go_on.set()
        self._thread.join(PATIENCE)
        return bool(self.got) and self.got[0].body.endswith(b"}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_what_ends_the_edge_lets_downloads_end_and_prints_the_summary(
    origin: str, number: signal.Signals
) -> None:
    with Program("--origin", origin) as program:
        download = Download(program)
        program.send(number)
        assert download.whole()
        assert program.ended() == 0
        assert program.events[-1]["event"] == "ended"


def test_hang_up_reads_the_rules_again_and_downloads_go_on(origin: str) -> None:
    """Also with --no-reload; wrong rules leave the old ones, and there is no summary before the end."""
    with Program("--origin", origin, "--no-reload") as program:
        download = Download(program)
        program.send(signal.SIGHUP)
        assert program.event("unchanged")["rules"] == 2
        Path("routes.py").write_text(f"{ROUTES}router = router.match('/x', caching={{'max_age': '1h'}})\n")
        program.send(signal.SIGHUP)
        assert program.event("changed")["rules"] == 3
        Path("routes.py").write_text("nonsense(")
        program.send(signal.SIGHUP)
        assert program.event("wrong")["errors"]
        assert program.get("/pages/1").status == 200
        assert not [event for event in program.events if event.get("event") == "ended"]
        assert download.whole()
        program.send(signal.SIGTERM)
        assert program.ended() == 0


@pytest.mark.parametrize(
    "number", [signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGCONT, signal.SIGPIPE]
)
def test_other_signals_end_nothing(origin: str, number: signal.Signals) -> None:
    with Program("--origin", origin) as program:
        download = Download(program)
        program.send(number)
        assert program.get("/pages/1").status == 200
        assert download.whole()
        program.send(signal.SIGTERM)
        assert program.ended() == 0


def test_a_stopped_edge_goes_on_when_it_is_continued(origin: str) -> None:
    """As Ctrl+Z and `fg` do it."""
    with Program("--origin", origin) as program:
        program.send(signal.SIGSTOP)
        program.send(signal.SIGCONT)
        assert program.get("/pages/1").status == 200


@pytest.mark.parametrize("detached", [False, True])
def test_a_closed_terminal_ends_the_edge_unless_it_was_started_with_nohup(
    origin: str, detached: bool
) -> None:
    leader, follower = pty.openpty()
    terminal = os.ttyname(follower)

    def take_terminal() -> None:
        os.setsid()
        os.close(os.open(terminal, os.O_RDWR))  # the first that is opened becomes the terminal
        signal.signal(signal.SIGHUP, signal.SIG_IGN if detached else signal.SIG_DFL)

    log = ("--access-log", "access.log")
    with Program("--origin", origin, *log, stdin=follower, preexec_fn=take_terminal) as program:
        os.close(follower)
        program.get("/pages/1")
        os.close(leader)
        if detached:
            assert program.get("/pages/1").status == 200
            program.send(signal.SIGTERM)
        assert program.ended() == 0
        assert program.events[-1]["event"] == "ended"
