"""The printer: all lines in order, few writes, and no one waits for a terminal."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator

import pytest

from edge.waiting import PATIENCE, until
from prefetchrouter.edge.logging.printer import Printer


class Counting(io.StringIO):
    """Counts how often it is written to."""

    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


class Stuck(io.StringIO):
    """Takes nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.is_waiting = False

    def write(self, text: str) -> int:
        self.is_waiting = True
        assert self.released.wait(PATIENCE)
        return super().write(text)


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    stream = Stuck()
    yield stream
    stream.released.set()


def test_lines_come_in_order_and_in_batches() -> None:
    """A hundred lines at once are one write."""
    stream = Counting()

    async def run() -> None:
        printer = Printer(stream, batch_seconds=0.01)
        for number in range(100):
            printer.line(f"line {number}".__str__)
        await until(stream.getvalue)
        printer.close(PATIENCE)

    asyncio.run(run())
    assert stream.getvalue() == "".join(f"line {number}\n" for number in range(100))
    assert stream.writes == 1


def test_lines_appear_without_being_asked_for() -> None:
    """Soon after they came, while the program goes on."""
    stream = io.StringIO()

    async def run() -> str:
        printer = Printer(stream, batch_seconds=0.01)
        printer.line("now")
        await until(stream.getvalue)
        shown = stream.getvalue()
        printer.close()
        return shown

    assert asyncio.run(run()) == "now\n"


def test_too_many_lines_are_counted_and_not_made() -> None:
    """The count stands where they would have stood."""
    stream, made = io.StringIO(), []

    def line() -> str:
        made.append(1)
        return "line"

    async def run() -> None:
        printer = Printer(stream, per_second=10)
        for _ in range(4322):
            printer.line(line)
        printer.message("routes.py changed: 3 rules now")
        printer.close()

    asyncio.run(run())
    shown = stream.getvalue().splitlines()
    assert shown == ["line"] * 10 + ["... and 4,312 more", "routes.py changed: 3 rules now"]
    assert len(made) == 10


def test_the_next_second_has_lines_again() -> None:
    """And first the count of those left out."""
    stream, now = io.StringIO(), [0.0]

    async def run() -> None:
        printer = Printer(stream, per_second=1, clock=lambda: now[0])
        for text in ("one", "two", "three"):
            printer.line(text)
        now[0] = 1.5
        printer.line("four")
        printer.close()

    asyncio.run(run())
    assert stream.getvalue().splitlines() == ["one", "... and 2 more", "four"]


def test_a_count_appears_though_nothing_follows() -> None:
    """A burst ends with how much of it was left out."""
    stream, now = io.StringIO(), [0.0]

    async def run() -> str:
        printer = Printer(stream, per_second=1, batch_seconds=0.01, clock=lambda: now[0])
        printer.line("one")
        printer.line("two")
        now[0] = 1.1
        await until(lambda: "more" in stream.getvalue())
        shown = stream.getvalue()
        printer.close()
        return shown

    assert asyncio.run(run()).splitlines() == ["one", "... and 1 more"]


def test_a_terminal_that_takes_nothing_holds_up_no_one(stuck: Stuck) -> None:
    """The loop goes on, memory stays bounded, and what came meanwhile is counted when it takes again."""
    now = [0.0]

    async def run() -> None:
        printer = Printer(stuck, per_second=5, batch_seconds=0.001, clock=lambda: now[0])
        for second in range(20):
            now[0] = second * 1.5
            for _ in range(100):
                printer.line("line")
            await asyncio.sleep(0.005)
        assert stuck.is_waiting
        assert stuck.getvalue() == ""  # all of this happened while it took nothing
        stuck.released.set()
        printer.close(PATIENCE)

    asyncio.run(run())
    shown = stuck.getvalue().splitlines()
    told = sum(int(line.split()[2].replace(",", "")) for line in shown if line.startswith("..."))
    assert told + shown.count("line") == 2000
    assert shown.count("line") <= 15


def test_closing_waits_for_a_stuck_terminal_no_longer_than_reported(stuck: Stuck) -> None:
    """The program ends in spite of it."""
    printer = Printer(stuck)
    printer.line("line")
    printer.close(wait_seconds=0.05)
    assert stuck.is_waiting
    assert stuck.getvalue() == ""


def test_a_reader_that_left_is_not_an_error() -> None:
    """As when output is piped into `head`."""

    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    printer = Printer(Broken())
    for _ in range(3):
        printer.line("line")
    printer.close()


def test_outside_a_loop_lines_are_written_too() -> None:
    """Before the server starts, and after it ended."""
    stream = io.StringIO()
    printer = Printer(stream)
    for text in ("one", "two", "three"):
        printer.line(text)
    printer.close()
    printer.close()
    assert stream.getvalue() == "one\ntwo\nthree\n"


def test_what_a_terminal_cannot_encode_is_escaped() -> None:
    """Nothing is lost with it."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    printer = Printer(stream)
    printer.message("caf\u00e9\ntea")
    printer.close()
    assert raw.getvalue() == b"caf\\xe9\ntea\n"
